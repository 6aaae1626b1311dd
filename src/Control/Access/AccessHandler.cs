using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Access;

/// <summary>Reads the caller's rights from the database, once for each request, and answers requirements from them.</summary>
internal sealed class AccessHandler(Database database) : AuthorizationHandler<AccessRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
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
        else if (requirement.Hides && !AccessRequirement.KnowsTenant(rights))
            context.Fail(new HiddenReason(this));
        else
            context.Fail();
    }

    private Task<CallerRights> LoadAsync(HttpContext http, string subject, ClaimsPrincipal user)
    {
        var tenant = CallerRights.TenantOf(http);
        var session = SessionClaim.Of(user);
        return database.AsUserAsync(
            subject,
            tenant,
            async (db, ct) =>
            {
                var operatorRole = await db.Operators.Where(o => o.Principal == subject).Select(o => o.Role).SingleOrDefaultAsync(ct);
                var tenantRole = tenant is { } id && AccessRequirement.CountsMemberships(id)
                    ? await db.Memberships.Where(m => m.TenantId == id && m.Principal == subject).Select(m => m.Role).SingleOrDefaultAsync(ct)
                    : null;
                var exists = tenant is { } named && await db.Tenants.AnyAsync(t => t.Id == named, ct);
                var ended = session is { } started && !await IsLiveAsync(db, started, ct);
                return new CallerRights(subject, user.FindFirstValue("email"), operatorRole, tenantRole, exists) { SessionEnded = ended };
            },
            http.RequestAborted);
    }

    private static Task<bool> IsLiveAsync(ControlDb db, Guid session, CancellationToken ct) =>
        db.Database.SqlQuery<bool>($"SELECT identity.session_is_live({session}) AS \"Value\"").SingleAsync(ct);
}

/// <summary>The session of the caller's token was ended: the token is as good as none.</summary>
internal sealed class EndedReason(IAuthorizationHandler handler) : AuthorizationFailureReason(handler, "ended");

/// <summary>The caller is not to learn that the thing exists.</summary>
internal sealed class HiddenReason(IAuthorizationHandler handler) : AuthorizationFailureReason(handler, "hidden");
