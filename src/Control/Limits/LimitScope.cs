using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Limits;

/// <summary>Whom a limit is for: it must be there, in the limit's own tenant.</summary>
internal static class LimitScope
{
    private const string IdPath = "scopeId";

    public static async Task CheckAsync(ControlDb db, TenantId tenant, string scope, Guid? id, Faults faults, CancellationToken ct)
    {
        if (scope == LimitScopes.Tenant)
        {
            if (id is not null)
                faults.Add(IdPath, "must be left out: the scope is the tenant itself.");
        }
        else if (id is not { } named)
        {
            faults.Add(IdPath, $"must name the {scope}.");
        }
        else if (scope == LimitScopes.Project && !await IsProjectAsync(db, tenant, new(named), ct))
        {
            faults.Add(IdPath, $"There is no project {named}.", ProblemCodes.ProjectUnknown);
        }
        else if (scope == LimitScopes.Key && !await IsKeyAsync(db, tenant, new(named), ct))
        {
            faults.Add(IdPath, $"There is no key {named}.", ProblemCodes.KeyUnknown);
        }
    }

    /// <exception cref="RequestPartException">There is no such scope to filter by.</exception>
    public static void CheckFilter(string? scope)
    {
        if (scope is not (null or LimitScopes.Tenant or LimitScopes.Project or LimitScopes.Key))
            throw new RequestPartException("scope", "must be tenant, project or key.");
    }

    private static Task<bool> IsProjectAsync(ControlDb db, TenantId tenant, ProjectId id, CancellationToken ct) =>
        db.Projects.AnyAsync(p => p.TenantId == tenant && p.Id == id && p.DeletedAt == null, ct);

    private static Task<bool> IsKeyAsync(ControlDb db, TenantId tenant, ApiKeyId id, CancellationToken ct) =>
        db.ApiKeys.AnyAsync(k => k.TenantId == tenant && k.Id == id && k.RevokedAt == null, ct);
}
