using System.Diagnostics.CodeAnalysis;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>Models by the names that callers send, compared byte by byte; a name wins over an alias.</summary>
internal sealed class ModelTable
{
    public static readonly ModelTable Empty = new([]);

    private readonly Dictionary<string, ModelEntry> _byName;
    private readonly Dictionary<string, ModelEntry>? _byAlias;
    private readonly Dictionary<ModelId, HashSet<TenantId>>? _offers;

    private ModelTable(IReadOnlyList<ModelEntry> models)
    {
        All = models;
        _byName = models.ToDictionary(m => m.Name.Value, StringComparer.Ordinal);
        foreach (var model in models)
        {
            foreach (var alias in model.Aliases ?? [])
                (_byAlias ??= new(StringComparer.Ordinal)).TryAdd(alias.Value, model);
            if (model.OfferedTo is { } tenants)
                (_offers ??= [])[model.Id] = [.. tenants];
        }
    }

    public IReadOnlyList<ModelEntry> All { get; }

    public static ModelTable Of(IReadOnlyList<ModelEntry> models) => models.Count == 0 ? Empty : new(models);

    public bool TryFind(string name, [NotNullWhen(true)] out ModelEntry? model) =>
        _byName.TryGetValue(name, out model) || (_byAlias is not null && _byAlias.TryGetValue(name, out model));

    /// <summary>As if what is not offered to the tenant did not exist.</summary>
    public bool TryFind(string name, TenantId tenant, [NotNullWhen(true)] out ModelEntry? model) =>
        (_byName.TryGetValue(name, out model) && IsOfferedTo(tenant, model))
        || (_byAlias is not null && _byAlias.TryGetValue(name, out model) && IsOfferedTo(tenant, model));

    public bool IsOfferedTo(TenantId tenant, ModelEntry model) =>
        model.OfferedTo is null || (_offers is not null && _offers.TryGetValue(model.Id, out var tenants) && tenants.Contains(tenant));
}
