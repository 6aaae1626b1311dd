using System.Threading.RateLimiting;

namespace Platform.Control.Agents;

/// <summary>
/// Bounds the work that agents, and strangers at the enrolment, can cause at a time. A fleet that starts at once gets
/// through in turn, because an agent asks again.
/// </summary>
internal sealed class AgentLimits : IDisposable
{
    /// <summary>Of all callers together: a token cannot be guessed, so this is about load only.</summary>
    private readonly RateLimiter _enrolment = RateLimiter.CreateChained(
        new ConcurrencyLimiter(new() { PermitLimit = 16, QueueLimit = 64 }),
        new FixedWindowRateLimiter(new() { PermitLimit = 120, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true }));

    /// <summary>Each holds a database connection from its first line to its last.</summary>
    private readonly RateLimiter _catchUp = new ConcurrencyLimiter(new() { PermitLimit = 24, QueueLimit = 2000 });

    /// <summary>Endpoint filter.</summary>
    public static ValueTask<object?> EnrolmentAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        AdmitAsync(Of(context)._enrolment, context, next);

    /// <summary>Endpoint filter.</summary>
    public static ValueTask<object?> CatchUpAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        AdmitAsync(Of(context)._catchUp, context, next);

    public void Dispose()
    {
        _enrolment.Dispose();
        _catchUp.Dispose();
    }

    private static AgentLimits Of(EndpointFilterInvocationContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<AgentLimits>();

    private static async ValueTask<object?> AdmitAsync(RateLimiter limiter, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        using var lease = await limiter.AcquireAsync(1, http.RequestAborted);
        if (lease.IsAcquired)
            return await next(context);
        http.Response.Headers.RetryAfter = "5";
        return TypedResults.Problem("Too many agents at a time; try again.", statusCode: StatusCodes.Status429TooManyRequests);
    }
}
