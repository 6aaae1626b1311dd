using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>A tenant's quotas by what they are for, so that a request looks at those alone that may hold for it.</summary>
internal sealed class QuotaTable
{
    public static readonly QuotaTable Empty = new([]);

    private readonly Dictionary<Guid, QuotaEntry> _byId;
    private readonly Dictionary<Guid, ScopeQuotas>? _projects;
    private readonly Dictionary<Guid, ScopeQuotas>? _keys;

    private QuotaTable(IReadOnlyList<QuotaEntry> quotas)
    {
        _byId = quotas.ToDictionary(q => q.Id);
        _projects = ByScope(quotas, LimitScopes.Project);
        _keys = ByScope(quotas, LimitScopes.Key);
        if (quotas.Any(q => q.Scope == LimitScopes.Tenant))
            OfTenant = new(quotas.Where(q => q.Scope == LimitScopes.Tenant));
    }

    public bool IsEmpty => _byId.Count == 0;

    public ScopeQuotas? OfTenant { get; }

    public static QuotaTable Of(IReadOnlyList<QuotaEntry> quotas) => quotas.Count == 0 ? Empty : new(quotas);

    public ScopeQuotas? Of(ProjectId project) => _projects?.GetValueOrDefault(project.Value);

    public ScopeQuotas? Of(ApiKeyId key) => _keys?.GetValueOrDefault(key.Value);

    public QuotaEntry? Find(Guid id) => _byId.GetValueOrDefault(id);

    private static Dictionary<Guid, ScopeQuotas>? ByScope(IReadOnlyList<QuotaEntry> quotas, string scope) =>
        quotas.Any(q => q.Scope == scope)
            ? quotas.Where(q => q.Scope == scope).GroupBy(q => q.ScopeId!.Value).ToDictionary(g => g.Key, g => new ScopeQuotas(g))
            : null;
}

/// <summary>The quotas of one tenant, project or key.</summary>
internal sealed class ScopeQuotas(IEnumerable<QuotaEntry> quotas)
{
    /// <summary>Those for all models together.</summary>
    public QuotaEntry[] All { get; } = [.. quotas.Where(q => q.Model is null)];

    /// <summary>Those for one model, by the name that the quota has; null where there are none.</summary>
    public Dictionary<string, QuotaEntry[]>? ByModel { get; } = quotas.Any(q => q.Model is not null)
        ? quotas.Where(q => q.Model is not null).GroupBy(q => q.Model!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal)
        : null;
}
