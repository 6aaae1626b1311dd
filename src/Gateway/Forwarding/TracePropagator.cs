using System.Diagnostics;
using System.Text;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Sends <c>traceparent</c> and <c>tracestate</c> upstream (W3C Trace Context), and no baggage: what a caller attached for
/// its own services is not the engine's to read.
/// </summary>
internal sealed class TracePropagator : DistributedContextPropagator
{
    private static readonly DistributedContextPropagator W3C = CreateW3CPropagator();

    private const string Parent = "traceparent";
    private const string State = "tracestate";

    /// <summary>Of which a receiver must carry at least so much (W3C Trace Context, 3.3.1.5).</summary>
    private const int MaxState = 512;

    public override IReadOnlyCollection<string> Fields { get; } = [Parent, State];

    /// <summary>
    /// Where the request has no span of ours, the caller's own context goes on as it is: who traces nothing must not break
    /// a trace. One that is not well formed goes nowhere.
    /// </summary>
    public static void PassOn(HttpRequest from, HttpRequestMessage to)
    {
        if (Activity.Current is not null || from.Headers.TraceParent is not [{ } parent] || !ActivityContext.TryParse(parent, null, out _))
            return;
        to.Headers.TryAddWithoutValidation(Parent, parent);
        if (from.Headers.TraceState.ToString() is { Length: > 0 and <= MaxState } state && Ascii.IsValid(state))
            to.Headers.TryAddWithoutValidation(State, state);
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (setter is null)
            return;
        W3C.Inject(activity, carrier, (to, name, value) =>
        {
            if (name is Parent or State)
                setter(to, name, value);
        });
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        W3C.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        W3C.ExtractBaggage(carrier, getter);
}
