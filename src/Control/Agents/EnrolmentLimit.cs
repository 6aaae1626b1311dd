using System.Threading.RateLimiting;

namespace Platform.Control.Agents;

/// <summary>
/// Enrolments of all callers together: a token cannot be guessed, so the limit only bounds the work that strangers can
/// cause. A fleet that starts at once gets through in minutes, because an agent asks again.
/// </summary>
internal sealed class EnrolmentLimit : IDisposable
{
    public const int AtOnce = 16;
    public const int PerMinute = 120;
    private const int Waiting = 64;

    private readonly RateLimiter _limiter = RateLimiter.CreateChained(
        new ConcurrencyLimiter(new() { PermitLimit = AtOnce, QueueLimit = Waiting }),
        new FixedWindowRateLimiter(new() { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true }));

    /// <summary>Endpoint filter.</summary>
    public static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var limit = http.RequestServices.GetRequiredService<EnrolmentLimit>();
        using var lease = await limit._limiter.AcquireAsync(1, http.RequestAborted);
        if (lease.IsAcquired)
            return await next(context);
        http.Response.Headers.RetryAfter = "10";
        return TypedResults.Problem("Too many enrolments at a time; try again.", statusCode: StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => _limiter.Dispose();
}
