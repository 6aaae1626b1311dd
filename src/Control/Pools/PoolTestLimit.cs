using System.Threading.RateLimiting;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Pools;

/// <summary>A test reaches out to up to ten hosts that somebody chose: each tenant has a few a minute.</summary>
internal sealed class PoolTestLimit : IDisposable
{
    private const int PerMinute = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<TenantId> _limiter = PartitionedRateLimiter.Create<TenantId, TenantId>(tenant =>
        RateLimitPartition.GetFixedWindowLimiter(tenant, _ => new() { PermitLimit = PerMinute, Window = Window }));

    /// <summary>Null where the tenant may test, which counts.</summary>
    public Failure? Refusal(TenantId tenant)
    {
        using var lease = _limiter.AttemptAcquire(tenant);
        return lease.IsAcquired
            ? null
            : new(StatusCodes.Status429TooManyRequests, ProblemCodes.TooManyRequests, $"At most {PerMinute} tests of pools a minute.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window,
            };
    }

    public void Dispose() => _limiter.Dispose();
}
