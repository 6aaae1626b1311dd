using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;

namespace Platform.Control.Access;

/// <summary>Reads the caller's rights from the database, once for each request, and answers requirements from them.</summary>
internal sealed class AccessHandler(Database database, IdentitySettings settings) : AuthorizationHandler<RightRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RightRequirement requirement)
    {
        if (context.Resource is not HttpContext http || CallerRights.SubjectOf(context.User) is not { } subject)
            return;
        var rights = http.Features.Get<CallerRights>();
        if (rights is null)
        {
            rights = await LoadAsync(http, subject, context.User);
            http.Features.Set(rights);
        }
        if (rights.SessionEnded)
            context.Fail(new EndedReason(this));
        else if (requirement.Allows(rights))
            context.Succeed(requirement);
        else if (requirement.Hides(rights))
            context.Fail(new HiddenReason(this));
        else
            context.Fail();
    }

    private async Task<CallerRights> LoadAsync(HttpContext http, string subject, ClaimsPrincipal user)
    {
        var acting = Acting.Of(user);
        var principal = acting?.Operator ?? subject;
        var tenant = TenantOfCaller.IsAskedBy(http) ? await TenantOfCaller.FindAsync(database, http, principal, acting) : CallerRights.TenantOf(http);
        return await database.AsUserAsync(
            principal,
            tenant,
            async (db, ct) =>
            {
                var session = await CallerSession.OfAsync(db, user, ct);
                var operatorRole = session.Provider is null
                    ? await db.Operators.Where(o => o.Principal == principal).Select(o => o.Role).SingleOrDefaultAsync(ct)
                    : null;
                var isProgram = IsProgram(user, principal);
                return new CallerRights
                {
                    Subject = principal,
                    Email = user.FindFirstValue("email"),
                    OperatorRole = operatorRole,
                    IsProgram = isProgram,
                    Tenant = tenant,

                    // Operators act in tenants by an exchanged token only, whatever memberships they have. A program has no more
                    // than it was given, and nobody can invite it; another authority's cannot always be told from people.
                    TenantRole = acting is null && (operatorRole is null || isProgram || settings.Authority is not null) && tenant is { } asked
                        ? await db.Memberships.CountingFor(principal, session.Provider).Where(m => m.TenantId == asked).Select(m => m.Role).SingleOrDefaultAsync(ct)
                        : null,
                    TenantExists = tenant is { } named && await db.Tenants.AnyAsync(t => t.Id == named && t.ClosedAt == null, ct),
                    Token = TokenRights.Of(user),
                    Acting = acting,
                    SessionEnded = session.Ended,
                    Provider = session.Provider,
                };
            },
            http.RequestAborted);
    }

    /// <summary>
    /// Of our own authority whoever has no account. Of another one a token whose subject is the client itself (RFC 9068,
    /// section 2.2), or that says so of itself (<c>idtyp</c>); what else a <c>sub</c> looks like is that authority's business.
    /// </summary>
    private bool IsProgram(ClaimsPrincipal user, string principal) => settings.Authority is null
        ? !Guid.TryParseExact(principal, "D", out _)
        : user.HasClaim("client_id", principal) || user.HasClaim("azp", principal) || user.HasClaim("idtyp", "app");
}

/// <summary>The session of the caller's token was ended: the token is as good as none.</summary>
internal sealed class EndedReason(IAuthorizationHandler handler) : AuthorizationFailureReason(handler, "ended");

/// <summary>The caller is not to learn that the thing exists.</summary>
internal sealed class HiddenReason(IAuthorizationHandler handler) : AuthorizationFailureReason(handler, "hidden");
