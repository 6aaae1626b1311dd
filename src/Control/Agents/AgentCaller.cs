using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Agents;

/// <summary>The agent that calls, as the database has it now.</summary>
internal sealed record AgentCaller(AgentRow Row)
{
    private static readonly Failure Revoked = new(StatusCodes.Status403Forbidden, ProblemCodes.AgentRevoked, "The agent is revoked, or was never enrolled.");

    /// <exception cref="InvalidOperationException">The endpoint has no <see cref="AdmitAsync"/>.</exception>
    public static AgentCaller Of(HttpContext context) =>
        context.Features.Get<AgentCaller>() ?? throw new InvalidOperationException("The endpoint does not look its caller up.");

    /// <summary>Endpoint filter: looks the agent up at every call, because a token outlives a revocation and its use must not.</summary>
    public static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (AgentClients.AgentOf(http.User.FindFirst("sub")?.Value) is not { } id)
            return Revoked.ToProblem();
        var row = await http.RequestServices.GetRequiredService<Database>().InPlatformAsync(
            (db, ct) => db.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id && a.RevokedAt == null, ct), http.RequestAborted);
        if (row is null)
            return Revoked.ToProblem();
        http.Features.Set(new AgentCaller(row));
        return await next(context);
    }
}
