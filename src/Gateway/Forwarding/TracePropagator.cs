using System.Diagnostics;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Sends <c>traceparent</c> and <c>tracestate</c> upstream (W3C Trace Context), and no baggage: what a caller attached for
/// its own services is not the engine's to read.
/// </summary>
internal sealed class TracePropagator : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields { get; } = ["traceparent", "tracestate"];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (setter is null)
            return;
        W3C.Inject(activity, carrier, (to, name, value) =>
        {
            if (name is "traceparent" or "tracestate")
                setter(to, name, value);
        });
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        W3C.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        W3C.ExtractBaggage(carrier, getter);
}
