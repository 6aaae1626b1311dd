using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Platform.Control.Access;

/// <summary>Says 401, 403 or, where the thing is not the caller's to know of, 404; the body is written where all problems are. A refusal goes to the audit trail.</summary>
internal sealed class AccessResultHandler(Denials denials) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || context.GetEndpoint() is null)
            await next(context);
        else if (authorizeResult.Challenged || authorizeResult.AuthorizationFailure?.FailureReasons.OfType<EndedReason>().Any() is true)
            await context.ChallengeAsync(policy.AuthenticationSchemes is [var scheme, ..] ? scheme : null);
        else
        {
            denials.Add(context);
            context.Response.StatusCode = authorizeResult.AuthorizationFailure?.FailureReasons.OfType<HiddenReason>().Any() is true
                ? StatusCodes.Status404NotFound
                : StatusCodes.Status403Forbidden;
        }
    }
}
