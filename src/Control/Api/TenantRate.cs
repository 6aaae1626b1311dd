using System.Threading.RateLimiting;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>So many a minute for each tenant, in this process.</summary>
/// <param name="what">For the refusal: <c>tests of pools</c>.</param>
internal sealed class TenantRate(int perMinute, string what) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<TenantId> _limiter = PartitionedRateLimiter.Create<TenantId, TenantId>(tenant =>
        RateLimitPartition.GetFixedWindowLimiter(tenant, _ => new() { PermitLimit = perMinute, Window = Window }));

    /// <summary>Null where the tenant may, which counts.</summary>
    public Failure? Refusal(TenantId tenant)
    {
        using var lease = _limiter.AttemptAcquire(tenant);
        return lease.IsAcquired
            ? null
            : new(StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyRequests, $"At most {perMinute} {what} a minute.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window,
            };
    }

    public void Dispose() => _limiter.Dispose();
}
