using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity.Exchange;

/// <summary>
/// An operator's own token for a short one that is good inside one tenant (RFC 8693): to look, or, raised, to do what an
/// admin may. Every try is in that tenant's trail and in the platform's before the answer goes out.
/// </summary>
internal sealed class TenantExchange(Database database, EntryTrail trail)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan RaisedLifetime = TimeSpan.FromMinutes(5);

    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    /// <param name="subject">Whom the subject token is about; OpenIddict has validated it.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, OpenIddictRequest request, ClaimsPrincipal subject)
    {
        var ct = http.RequestAborted;
        if (!EntryRequest.TryRead(request, out var entry, out var refusal))
            return await RefuseAsync(http, subject, null, refusal, ct);
        refusal = RefusalOfToken(request, subject, entry) ?? await RefusalOfOperatorAsync(subject, entry, ct);
        if (refusal is not null)
            return await RefuseAsync(http, subject, entry, refusal, ct);
        await trail.WriteAsync(http, subject, entry, entry.Tenant, AuditOutcomes.Success, ct);
        return Results.SignIn(PrincipalOf(subject, entry), authenticationScheme: Scheme);
    }

    private async Task<IResult> RefuseAsync(HttpContext http, ClaimsPrincipal subject, EntryRequest? entry, EntryRefusal refusal, CancellationToken ct)
    {
        await trail.WriteAsync(http, subject, entry, refusal.Tenant, AuditOutcomes.Denied, ct);
        return Results.Forbid(AuthorizeEndpoint.Refusal(refusal.Error, refusal.Description), [Scheme]);
    }

    /// <summary>A token that was exchanged already, narrowed, or given to another client enters nothing.</summary>
    private static EntryRefusal? RefusalOfToken(OpenIddictRequest request, ClaimsPrincipal subject, EntryRequest entry) =>
        subject.HasClaim(Acting.ActorClaim)
            || !subject.HasAudience(PlatformScopes.Api)
            || !subject.HasScope(ApiScopes.All)
            || !subject.HasPresenter(request.ClientId!)
                ? new(Errors.InvalidGrant, "The subject token must be a whole access token of this client for the API, and not itself exchanged.", entry.Tenant)
                : null;

    private async Task<EntryRefusal?> RefusalOfOperatorAsync(ClaimsPrincipal subject, EntryRequest entry, CancellationToken ct)
    {
        var principal = subject.GetClaim(Claims.Subject)!;
        var (role, exists) = await database.AsUserAsync(
            principal,
            entry.Tenant,
            async (db, token) => (
                await CallerSession.OfAsync(db, subject, token) == CallerSession.None
                    ? await db.Operators.Where(o => o.Principal == principal).Select(o => o.Role).SingleOrDefaultAsync(token)
                    : null,
                await db.Tenants.AnyAsync(t => t.Id == entry.Tenant && t.ClosedAt == null, token)),
            ct);
        if (role is null || (entry.IsRaised && role != OperatorRoles.Operator))
            return new(Errors.AccessDenied, "The subject may not enter tenants like this.", entry.Tenant);
        return exists && entry.Tenant != TenantId.Platform ? null : new(Errors.InvalidTarget, "There is no such tenant to enter.", entry.Tenant);
    }

    /// <summary>The subject is nobody who has rights; the actor is whom they are read for, at each request.</summary>
    private static ClaimsPrincipal PrincipalOf(ClaimsPrincipal subject, EntryRequest entry)
    {
        var identity = new ClaimsIdentity("platform", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, $"tenant-{entry.Tenant}")
            .SetClaim(Acting.ActorClaim, JsonSerializer.SerializeToElement(new { sub = subject.GetClaim(Claims.Subject) }))
            .SetClaim(Acting.TenantClaim, entry.Tenant.ToString())
            .SetClaim(Claims.Email, subject.GetClaim(Claims.Email))

            // It ends with the session that the operator's own token came from.
            .SetClaim(SessionClaim.Type, subject.GetClaim(SessionClaim.Type));
        identity.SetScopes(entry.IsRaised ? [ApiScopes.All, Acting.RaisedScope] : [ApiScopes.All]);
        identity.SetResources(PlatformScopes.Api);
        identity.SetAccessTokenLifetime(entry.IsRaised ? RaisedLifetime : Lifetime);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return new(identity);
    }
}
