using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Agents;

namespace Platform.Control.Api;

/// <summary>Who does something, for the audit trail.</summary>
/// <param name="Principal">The <c>sub</c>, or the name of a job.</param>
/// <param name="Kind">One of <see cref="ActorKinds"/>.</param>
/// <param name="Name">An e-mail address, where the token says one.</param>
/// <param name="Address">Where the call came from.</param>
internal sealed record Actor(string Principal, string Kind, string? Name = null, string? Address = null, string? UserAgent = null)
{
    private const int MaxUserAgent = 256;

    public static Actor System(string job) => new(job, ActorKinds.System);

    public static Actor Of(HttpContext http, CallerRights caller) => new(
        caller.Subject,
        caller.Acting is not null ? ActorKinds.Operator : KindOf(caller),
        caller.Email,
        http.Connection.RemoteIpAddress?.ToString(),
        Bounded(http.Request.Headers.UserAgent.ToString()));

    private static string KindOf(CallerRights caller) =>
        AgentClients.AgentOf(caller.Subject) is not null ? ActorKinds.Agent
        : caller.IsProgram ? ActorKinds.Client
        : ActorKinds.User;

    private static string? Bounded(string text) => text.Length switch
    {
        0 => null,
        > MaxUserAgent => text[..MaxUserAgent],
        _ => text,
    };
}
