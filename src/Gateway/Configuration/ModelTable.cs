using System.Diagnostics.CodeAnalysis;
using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>Models by the name that callers send, compared byte by byte.</summary>
internal sealed class ModelTable
{
    public static readonly ModelTable Empty = new([]);

    private readonly Dictionary<string, ModelEntry> _byName;

    private ModelTable(IReadOnlyList<ModelEntry> models)
    {
        All = models;
        _byName = models.ToDictionary(m => m.Name.Value, StringComparer.Ordinal);
    }

    public IReadOnlyList<ModelEntry> All { get; }

    public static ModelTable Of(IReadOnlyList<ModelEntry> models) => models.Count == 0 ? Empty : new(models);

    public bool TryFind(string name, [NotNullWhen(true)] out ModelEntry? model) => _byName.TryGetValue(name, out model);
}
