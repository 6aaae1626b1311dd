using Platform.Control.Access;

namespace Platform.Control.Identity.Sessions;

internal static class SessionsExtensions
{
    public static void AddSessions(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<UserSessions>();
        services.AddScoped<SessionCookie>();
        services.AddScoped<SessionGrants>();
        services.AddScoped<RefreshTokenChain>();
    }

    /// <summary>/me/sessions: the caller's own.</summary>
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/me/sessions").WithTags("Caller");
        sessions.MapGet("", SessionEndpoints.ListAsync).WithName("ListMySessions").WithSummary("List the caller's sessions").Needs(Rights.Me);
        sessions.MapDelete("/{sessionId}", SessionEndpoints.EndAsync).WithName("EndMySession").WithSummary("End a session of the caller's").Needs(Rights.MeWrite)
            .ProducesProblem(StatusCodes.Status404NotFound);
        sessions.MapDelete("", SessionEndpoints.EndAllAsync).WithName("EndMySessions").WithSummary("Sign the caller out everywhere").Needs(Rights.MeWrite);
    }
}
