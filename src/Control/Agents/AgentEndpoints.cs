using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts.Enrolment;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Delivery;

namespace Platform.Control.Agents;

/// <summary>What agents call.</summary>
internal static class AgentEndpoints
{
    /// <summary>The one-time token is the credential.</summary>
    public static async Task<Results<Ok<EnrolAgentAnswer>, ProblemHttpResult>> EnrolAsync(EnrolAgentRequest request, Enrolment enrolment, CancellationToken ct)
    {
        var outcome = await enrolment.EnrolAsync(request, ct);
        return outcome.Failed ? outcome.Failure.ToProblem() : TypedResults.Ok(outcome.Value);
    }

    public static Task<SealedForAgent> SecretsAsync(HttpContext context, SecretsForAgents secrets, Database database, CancellationToken ct)
    {
        var agent = AgentCaller.Of(context).Row;
        return database.InPlatformAsync((db, token) => secrets.SealAsync(db, agent, token), ct);
    }

    /// <summary>
    /// Lines of JSON: a head, then a resource a line. A client that reads too slowly is cut off and asks again.
    /// <paramref name="epoch"/> may be empty, or anything that was never an epoch: then everything is sent.
    /// </summary>
    public static async Task ConfigAsync(HttpContext context, CatchUp catchUp, long after = 0, string? epoch = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(CatchUp.Deadline);
        context.Response.ContentType = "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-store";
        await catchUp.WriteAsync(AgentCaller.Of(context).Row.GroupName, after, Guid.TryParse(epoch, out var known) ? known : null, context.Response.Body, deadline.Token);
    }
}
