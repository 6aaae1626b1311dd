using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>Which of the projects and keys that limits are for can still spend: a limit of another one is no agent's concern.</summary>
internal sealed class LiveScopes
{
    private readonly HashSet<(string Scope, Guid Id)> _live = [];

    public static async Task<LiveScopes> LoadAsync(ControlDb db, TenantId tenant, IEnumerable<(string Scope, Guid? Id)> asked, CancellationToken ct)
    {
        var live = new LiveScopes();
        var ids = asked.Where(a => a.Id is not null).Distinct().ToLookup(a => a.Scope, a => a.Id!.Value);
        var projects = ids[LimitScopes.Project].Select(i => new ProjectId(i)).ToList();
        var keys = ids[LimitScopes.Key].Select(i => new ApiKeyId(i)).ToList();
        if (projects.Count > 0)
        {
            var found = await db.Projects.Where(p => p.TenantId == tenant && projects.Contains(p.Id) && p.DeletedAt == null).Select(p => p.Id).ToListAsync(ct);
            live._live.UnionWith(found.Select(p => (LimitScopes.Project, p.Value)));
        }
        if (keys.Count > 0)
        {
            var found = await db.ApiKeys.Where(k => k.TenantId == tenant && keys.Contains(k.Id) && k.RevokedAt == null).Select(k => k.Id).ToListAsync(ct);
            live._live.UnionWith(found.Select(k => (LimitScopes.Key, k.Value)));
        }
        return live;
    }

    public bool Has(string scope, Guid? id) => scope == LimitScopes.Tenant || (id is { } named && _live.Contains((scope, named)));
}
