using Platform.Gateway.Configuration;
using Platform.Gateway.Errors;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Idempotency;

/// <summary>What holds for a tenant, and what is counted of it.</summary>
internal sealed class IdempotencyMeter(IdempotencySettings settings, KeptMetrics kept, GatewayMetrics metrics)
{
    private readonly TimeSpan _window = TimeSpan.FromSeconds(settings.Seconds);

    /// <summary>Null where its keys mean nothing.</summary>
    public TimeSpan? WindowOf(TenantModel tenant)
    {
        var window = tenant.Traffic.IdempotencySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _window;
        return window > TimeSpan.Zero ? window : null;
    }

    public void Found(KeyState state) => kept.Found(KeptMetrics.Idempotency, state switch
    {
        KeyState.Running => "running",
        KeyState.Answered => "replayed",
        KeyState.OtherBody => "other_body",
        KeyState.Full => "full",
        _ => "gone",
    });

    public void Refused(ApiError error, TenantModel tenant) => metrics.Rejected(error.Reason, error.Code ?? "", tenant.Slug);
}
