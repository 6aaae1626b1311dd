using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Api;
using Platform.Control.Access;

namespace Platform.Control.Identity.Sessions;

/// <summary>A user's own sessions, or those of the provider that signed them in; a service client has none.</summary>
internal static class SessionEndpoints
{
    public static async Task<IReadOnlyList<SessionAnswer>> ListAsync(CallerRights caller, HttpContext http, UserSessions sessions, CancellationToken ct)
    {
        if (!Guid.TryParse(caller.Subject, out var user))
            return [];
        var current = SessionClaim.Of(http.User);
        return [.. (await sessions.ListAsync(user, caller.Provider, ct)).Select(s => Answer(s, current))];
    }

    public static async Task<Results<NoContent, NotFound>> EndAsync(
        Guid sessionId, CallerRights caller, UserSessions sessions, SecurityEvents events, CancellationToken ct)
    {
        if (!Guid.TryParse(caller.Subject, out var user) || await sessions.EndAsync(user, sessionId, caller.Provider, ct) == 0)
            return TypedResults.NotFound();
        await events.RecordAsync(SecurityEvent.SessionsEnded, user, "one", caller.Provider);
        return TypedResults.NoContent();
    }

    public static async Task<NoContent> EndAllAsync(CallerRights caller, UserSessions sessions, SecurityEvents events, CancellationToken ct)
    {
        if (Guid.TryParse(caller.Subject, out var user))
        {
            await sessions.EndAllAsync(user, caller.Provider, ct);
            await events.RecordAsync(SecurityEvent.SessionsEnded, user, "all", caller.Provider);
        }
        return TypedResults.NoContent();
    }

    private static SessionAnswer Answer(UserSession session, Guid? current) => new(
        session.Row.Id,
        session.Row.CreatedAt,
        session.Row.LastUsedAt,
        session.Row.ExpiresAt,
        session.Row.Address,
        session.Row.UserAgent,
        session.Row.Method,
        session.Clients,
        session.Row.Id == current);
}
