using System.Collections.Frozen;
using System.Text;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Cors;

/// <summary>The origins that any tenant allows, since a preflight carries no key. Computed when tenants change.</summary>
internal sealed class CorsOrigins : IDisposable
{
    private readonly CurrentSnapshot _current;
    private volatile Union _union = new([], false);

    public CorsOrigins(CurrentSnapshot current)
    {
        _current = current;
        current.Swapped += OnSwapped;
        if (current.Value is { } snapshot)
            OnSwapped(Snapshot.Empty, snapshot);
    }

    /// <summary>Whether a tenant allows it; which one, the request itself will tell.</summary>
    public bool MayBeAllowed(string origin)
    {
        var union = _union;
        return union.AllowsAny ? Ascii.IsValid(origin) : union.Origins.Contains(origin);
    }

    public void Dispose() => _current.Swapped -= OnSwapped;

    private void OnSwapped(Snapshot before, Snapshot after)
    {
        if (ReferenceEquals(before.Tenants, after.Tenants))
            return;
        var origins = new HashSet<string>(StringComparer.Ordinal);
        var allowsAny = false;
        foreach (var (_, tenant) in after.Tenants)
        {
            allowsAny |= tenant.Traffic.AllowsAnyOrigin;
            if (tenant.Traffic.Origins.Count > 0)
                origins.UnionWith(tenant.Traffic.Origins);
        }
        var union = _union;
        if (union.AllowsAny != allowsAny || !origins.SetEquals(union.Origins))
            _union = new(origins.ToFrozenSet(StringComparer.Ordinal), allowsAny);
    }

    private sealed record Union(FrozenSet<string> Origins, bool AllowsAny);
}
