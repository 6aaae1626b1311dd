using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Limits;

/// <summary>
/// The operator's ceilings over a tenant's own quota: those of its scope or a wider one, for its model or for all. A
/// ceiling that is lowered later leaves the quota as it is; both hold, and the lower wins.
/// </summary>
internal static class Ceilings
{
    private static readonly (string Name, Func<QuotaRow, long?> Of)[] Limits =
    [
        ("requestsPerMinute", q => q.RequestsPerMinute),
        ("requestsPerDay", q => q.RequestsPerDay),
        ("tokensPerMinute", q => q.TokensPerMinute),
        ("tokensPerDay", q => q.TokensPerDay),
        ("concurrentRequests", q => q.ConcurrentRequests),
    ];

    public static async Task CheckAsync(ControlDb db, QuotaRow own, Faults faults, CancellationToken ct)
    {
        var ceilings = await db.Quotas.AsNoTracking().Where(q => q.TenantId == own.TenantId && q.IsOperators).OrderBy(q => q.Id).ToListAsync(ct);
        var project = await ProjectOfAsync(db, own, ct);
        foreach (var ceiling in ceilings.Where(c => Bounds(c, own, project)))
        {
            foreach (var (name, of) in Limits.Where(l => l.Of(own) > l.Of(ceiling)))
                faults.Add($"limits.{name}", $"must be at most {of(ceiling)}: the operator's ceiling {ceiling.Id} for {NameOf(ceiling)}.");
        }
    }

    /// <param name="project">The quota's project, or its key's.</param>
    private static bool Bounds(QuotaRow ceiling, QuotaRow own, Guid? project) =>
        (ceiling.Model is null || ceiling.Model == own.Model) && ceiling.Scope switch
        {
            LimitScopes.Tenant => true,
            LimitScopes.Project => ceiling.ScopeId is not null && ceiling.ScopeId == project,
            _ => own.Scope == LimitScopes.Key && ceiling.ScopeId == own.ScopeId,
        };

    private static async Task<Guid?> ProjectOfAsync(ControlDb db, QuotaRow own, CancellationToken ct)
    {
        if (own.Scope != LimitScopes.Key || own.ScopeId is not { } id)
            return own.Scope == LimitScopes.Project ? own.ScopeId : null;
        var (tenant, key) = (own.TenantId, new ApiKeyId(id));
        var projects = await db.ApiKeys.Where(k => k.TenantId == tenant && k.Id == key).Select(k => k.ProjectId).ToListAsync(ct);
        return projects is [var project] ? project.Value : null;
    }

    private static string NameOf(QuotaRow ceiling) =>
        $"{(ceiling.ScopeId is { } id ? $"{ceiling.Scope} {id}" : "the tenant")}, {(ceiling.Model is { } model ? $"model {model}" : "all models")}";
}
