using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Access;

/// <summary>
/// Marks an endpoint whose tenant is not in its path: it is the one that the header names, or the only one that the
/// caller is a member of. Rights are then asked as below <c>/tenants/{tenantId}</c>.
/// </summary>
internal sealed class TenantOfCaller
{
    /// <summary>As OpenAI's clients send it: a tenant's id or slug.</summary>
    public const string Header = "OpenAI-Organization";

    public static readonly TenantOfCaller Metadata = new();

    public static bool IsAskedBy(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<TenantOfCaller>() is not null;

    /// <returns>Null where the header names none that the caller knows of, or there is none to choose or more than one.</returns>
    public static Task<TenantId?> FindAsync(Database database, HttpContext http, string principal, Acting? acting)
    {
        var named = http.Request.Headers[Header].ToString();
        if (TenantId.TryParse(named, null, out var id))
            return Task.FromResult<TenantId?>(id);
        if (acting is not null)
            return named.Length == 0 ? Task.FromResult<TenantId?>(acting.Tenant) : BySlugAsync(database, http, principal, acting.Tenant, named);
        return database.AsUserAsync(
            principal,
            tenant: null,
            async (db, ct) =>
            {
                var session = await CallerSession.OfAsync(db, http.User, ct);
                var counting = db.Memberships.CountingFor(principal, session.Provider);
                var own = db.Tenants.Where(t => t.ClosedAt == null && counting.Any(m => m.TenantId == t.Id));
                if (named.Length > 0)
                    own = own.Where(t => t.Slug == named);
                var found = await own.Select(t => t.Id).Take(2).ToListAsync(ct);
                return found is [var only] ? only : (TenantId?)null;
            },
            http.RequestAborted);
    }

    private static Task<TenantId?> BySlugAsync(Database database, HttpContext http, string principal, TenantId tenant, string slug) => database.AsUserAsync(
        principal,
        tenant,
        async (db, ct) => await db.Tenants.AnyAsync(t => t.Id == tenant && t.Slug == slug, ct) ? tenant : (TenantId?)null,
        http.RequestAborted);
}
