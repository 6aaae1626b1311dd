using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Authentication;

namespace Platform.Gateway.ModelList;

/// <summary>
/// The models of a caller: its tenant's own, then the catalog's that are offered to it. Whatever the tenant has under a
/// name or an alias wins over the catalog, so that nothing the operator adds moves a tenant's requests elsewhere. What
/// the tenant's pools or the key do not allow does not exist.
/// </summary>
internal static class VisibleModels
{
    /// <summary>The model that a name or alias means; null for none.</summary>
    public static ModelEntry? Resolve(Caller caller, string name) =>
        Find(caller, name) is { } model && IsVisible(caller, model) ? model : null;

    public static IEnumerable<ModelEntry> Of(Caller caller) => caller.Tenant.Models.All.Concat(caller.Snapshot.Platform.Catalog.All)
        .Where(model => ReferenceEquals(Find(caller, model.Name.Value), model) && IsVisible(caller, model));

    /// <summary>Whether the caller means this model by the name, and no other.</summary>
    public static bool Means(Caller caller, ModelName name, ModelEntry model) => ReferenceEquals(Find(caller, name.Value), model);

    private static ModelEntry? Find(Caller caller, string name) =>
        caller.Tenant.Models.TryFind(name, out var own) ? own
        : caller.Snapshot.Platform.Catalog.TryFind(name, caller.Tenant.Id, out var shared) ? shared
        : null;

    private static bool IsVisible(Caller caller, ModelEntry model) => HasPool(caller, model) && IsAllowed(caller, model);

    private static bool HasPool(Caller caller, ModelEntry model)
    {
        if (caller.Tenant.Isolation.Pools is not { } pools)
            return true;
        foreach (var target in model.Targets)
        {
            if (pools.Contains(target.PoolId))
                return true;
        }
        return false;
    }

    /// <summary>The key lists the model under any of its names, and means this model by that name.</summary>
    private static bool IsAllowed(Caller caller, ModelEntry model)
    {
        if (caller.Key.AllowedModels is not { } allowed)
            return true;
        if (Means(caller, allowed, model.Name, model))
            return true;
        foreach (var alias in model.Aliases ?? [])
        {
            if (Means(caller, allowed, alias, model))
                return true;
        }
        return false;
    }

    private static bool Means(Caller caller, HashSet<ModelName> allowed, ModelName name, ModelEntry model) => allowed.Contains(name) && Means(caller, name, model);
}
