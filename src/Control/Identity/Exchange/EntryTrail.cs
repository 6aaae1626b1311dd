using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity.Exchange;

/// <summary>Who entered which tenant, and who tried: in that tenant's trail and in the platform's.</summary>
internal sealed class EntryTrail(Database database, TimeProvider time)
{
    private const string Action = "tenant.enter";

    /// <param name="entry">Null where the request could not be read.</param>
    public Task WriteAsync(HttpContext http, ClaimsPrincipal subject, EntryRequest? entry, TenantId? tenant, string outcome, CancellationToken ct)
    {
        var actor = Actor.Of(http, new() { Subject = subject.GetClaim(Claims.Subject)!, Email = subject.GetClaim(Claims.Email) });
        var now = time.GetUtcNow();
        return database.InPlatformAsync(
            async (db, token) =>
            {
                var known = tenant is { } id && id != TenantId.Platform && await HoldOpenAsync(db, id, token);
                TenantId[] trails = known ? [tenant!.Value, TenantId.Platform] : [TenantId.Platform];
                db.AuditEvents.AddRange(trails.Select(trail => new AuditEventRow
                {
                    TenantId = trail,
                    Id = Guid.CreateVersion7(now),
                    At = now,
                    Actor = actor.Principal,
                    ActorKind = ActorKinds.Operator,
                    ActorName = actor.Name,
                    Address = actor.Address,
                    UserAgent = actor.UserAgent,
                    Outcome = outcome,
                    Action = Action,
                    Target = tenant?.ToString() ?? "",
                    Details = entry is null ? null : JsonSerializer.SerializeToElement(new { reason = entry.Reason, raised = entry.IsRaised }),
                }));
                return await db.SaveChangesAsync(token);
            },
            ct);
    }

    /// <summary>Nothing is added to the trail of a closed tenant, which nobody would erase: its row is held open until this is stored.</summary>
    private static async Task<bool> HoldOpenAsync(ControlDb db, TenantId tenant, CancellationToken ct) =>
        (await db.Tenants.FromSql($"SELECT * FROM tenants WHERE id = {tenant.Value} AND closed_at IS NULL FOR KEY SHARE")
            .AsNoTracking().ToListAsync(ct)).Count > 0;
}
