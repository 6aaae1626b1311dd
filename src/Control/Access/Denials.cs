using System.Threading.Channels;
using Platform.Contracts.Ids;
using Platform.Control.Api;

namespace Platform.Control.Access;

/// <summary>
/// Refused calls on their way to the audit trail. Nothing waits for it and nobody can fill it: at most one event a minute
/// for each principal, endpoint and tenant, and no more waiting than <see cref="Capacity"/>; the rest is counted.
/// </summary>
internal sealed class Denials(AccessMeter meter, TimeProvider time)
{
    public const int Capacity = 1000;

    private const int MaxRemembered = 10_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Channel<Denial> _waiting = Channel.CreateBounded<Denial>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Dictionary<(string Principal, string Endpoint, TenantId? Tenant), long> _seen = [];
    private readonly Lock _lock = new();

    public ChannelReader<Denial> Waiting => _waiting.Reader;

    /// <param name="code">Why an endpoint refused what its right lets in; null where the right was missing.</param>
    public void Add(HttpContext http, string? code = null)
    {
        if (http.Features.Get<CallerRights>() is not { } caller || http.GetEndpoint() is not RouteEndpoint endpoint)
            return;
        var target = $"{http.Request.Method} /{endpoint.RoutePattern.RawText?.Trim('/')}";
        meter.Denied();
        if (!IsNew((caller.Subject, target, caller.Tenant)))
            return;
        var denial = new Denial(
            caller.KnowsTenant && caller.Tenant is { } known ? known : TenantId.Platform,
            time.GetUtcNow(),
            Actor.Of(http, caller),
            target,
            endpoint.Metadata.GetMetadata<Right>()?.Name,
            caller.Tenant,
            code);
        if (!_waiting.Writer.TryWrite(denial))
            meter.Dropped(1);
    }

    public void Complete() => _waiting.Writer.TryComplete();

    private bool IsNew((string Principal, string Endpoint, TenantId? Tenant) call)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_seen.TryGetValue(call, out var last) && time.GetElapsedTime(last, now) < Quiet)
                return false;
            if (_seen.Count >= MaxRemembered)
            {
                foreach (var (old, _) in _seen.Where(s => time.GetElapsedTime(s.Value, now) >= Quiet).ToList())
                    _seen.Remove(old);
            }
            if (_seen.Count >= MaxRemembered)
            {
                meter.Dropped(1);
                return false;
            }
            _seen[call] = now;
            return true;
        }
    }
}

/// <param name="Trail">The tenant where the caller is known, else the platform's own.</param>
/// <param name="Target">Method and path template.</param>
/// <param name="Right">The right that the endpoint asks for.</param>
/// <param name="Tenant">The tenant that the path named.</param>
/// <param name="Code">What the endpoint refused although the caller has the right; null where the right was missing.</param>
internal sealed record Denial(TenantId Trail, DateTimeOffset At, Actor Actor, string Target, string? Right, TenantId? Tenant, string? Code);
