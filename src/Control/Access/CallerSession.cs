using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Access;

/// <summary>The session that a caller's token is of, as the database knows it now.</summary>
/// <param name="Provider">Null for a sign-in of our own, and for tokens of no session.</param>
internal sealed record CallerSession(bool Ended, ProviderSignIn? Provider)
{
    public static readonly CallerSession None = new(false, null);

    /// <summary>In a unit of work of any role that answers requests.</summary>
    public static async Task<CallerSession> OfAsync(ControlDb db, ClaimsPrincipal user, CancellationToken ct)
    {
        if (SessionClaim.Of(user) is not { } id)
            return None;
        var found = await db.Database
            .SqlQuery<Row>($"SELECT provider_tenant_id, provider_id FROM identity.session_of({id})")
            .ToListAsync(ct);
        return found switch
        {
            [] => new(true, null),
            [{ ProviderTenantId: { } tenant, ProviderId: { } provider }] => new(false, new(new(tenant), provider)),
            _ => None,
        };
    }

    private sealed record Row(Guid? ProviderTenantId, Guid? ProviderId);
}

/// <summary>A sign-in by a tenant's identity provider: it counts in that tenant, and nowhere else.</summary>
internal sealed record ProviderSignIn(TenantId Tenant, Guid Id)
{
    /// <summary>What reaches beyond that tenant.</summary>
    public static readonly Failure CountsHereOnly = new(
        StatusCodes.Status403Forbidden, ProblemCodes.SignedInByProvider, "You are signed in by an organisation's identity provider, which counts in its tenant only: sign in in another way.");
}

internal static class CountingMemberships
{
    /// <summary>
    /// The memberships that count for whoever signed in like this. What a provider's groups gave counts in sessions of that
    /// provider only, so that it ends with the groups; and those sessions count in no other tenant.
    /// </summary>
    public static IQueryable<MembershipRow> CountingFor(this IQueryable<MembershipRow> memberships, string principal, ProviderSignIn? provider) => provider is null
        ? memberships.Where(m => m.Principal == principal && m.TenantId != TenantId.Platform && m.IdentityProviderId == null)
        : memberships.Where(m => m.Principal == principal && m.TenantId != TenantId.Platform && m.TenantId == provider.Tenant
            && (m.IdentityProviderId == null || m.IdentityProviderId == provider.Id));
}
