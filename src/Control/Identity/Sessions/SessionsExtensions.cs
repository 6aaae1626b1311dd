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
        api.MapGet("/me/sessions", SessionEndpoints.ListAsync).WithName("ListMySessions");
        api.MapDelete("/me/sessions/{sessionId}", SessionEndpoints.EndAsync).WithName("EndMySession")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/me/sessions", SessionEndpoints.EndAllAsync).WithName("EndMySessions");
    }
}
