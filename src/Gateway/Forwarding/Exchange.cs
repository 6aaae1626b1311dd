using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Api;
using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Limits;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Forwarding;

/// <summary>One request on its way: who asked for what, where it went, and what came of it. Belongs to one flow of control.</summary>
internal sealed class Exchange(HttpContext http, Caller caller, Operation operation, RequestFacts facts, ReadOnlyMemory<byte> body, ModelEntry model)
{
    private readonly List<TriedEndpoint> _attempts = [];
    private Leg? _leg;

    public HttpContext Http => http;

    public Caller Caller => caller;

    public Operation Operation => operation;

    public RequestFacts Facts => facts;

    public RouteRequest RouteRequest => new(caller.Snapshot, caller.Tenant, operation.Name);

    public ReadOnlyMemory<byte> Body => body;

    public ModelEntry Model => model;

    public Arrival Arrival { get; } = Arrival.Of(http);

    /// <summary>Cancelled when the caller left.</summary>
    public CancellationToken CallerAborted { get; } = http.RequestAborted;

    /// <summary>What its tenant and model chose.</summary>
    public required RequestPolicy Policy { get; init; }

    /// <summary>Its tenant's share.</summary>
    public required BufferBudget Buffers { get; init; }

    /// <summary>Cancelled when the tenant is suspended in a way that ends what runs.</summary>
    public CancellationToken Suspension { get; set; }

    /// <summary>The last try.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public Leg Leg => _leg ?? throw new InvalidOperationException("The request was not dispatched.");

    public int Tries { get; private set; }

    /// <summary>The tries that are over, in their order.</summary>
    public IReadOnlyList<TriedEndpoint> Attempts => _attempts;

    /// <summary>Should its targets not be able to do it, there are targets of a later tier, and the model asks for them.</summary>
    public bool HasLaterTier { get; set; }

    /// <summary>The request's body began to go out to an endpoint. A request that never did was not dispatched and leaves no record.</summary>
    public bool WasSent { get; set; }

    /// <summary>Timestamp of the last dispatch.</summary>
    public long DispatchedAt { get; private set; }

    /// <summary>Timestamp of the answer's first body byte.</summary>
    public long? FirstByteAt { get; set; }

    /// <summary>The upstream began to work on it, so that an estimate is due where nobody counts.</summary>
    public bool WorkBegan { get; set; }

    /// <summary>What the answer of the last try said.</summary>
    public AnswerMeter Meter { get; private set; } = new();

    /// <summary>A record has been given to the journal; there must be one, and only one.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>The record, once it is durable.</summary>
    public UsageRecord? Record { get; set; }

    /// <summary>Bytes of the answer's body that were written to the caller.</summary>
    public long BytesOut { get; set; }

    /// <summary>Takes the answer along where it may be kept; null where it may not.</summary>
    public AnswerCopy? Copy { get; set; }

    /// <summary>What it has reserved; null where nothing limits it, and until it comes to that.</summary>
    public QuotaUse? Quotas { get; set; }

    /// <summary>Takes back what was prepared for the caller; its answer has not begun.</summary>
    public void ClearAnswer()
    {
        http.Response.Clear();
        http.Response.Headers[Errors.Arrival.Header] = Arrival.Text;
    }

    public void Dispatch(Leg leg, long timestamp)
    {
        (_leg, Meter) = (leg, new());
        Copy?.Clear();
        DispatchedAt = timestamp;
        Tries++;
    }

    /// <summary>A try that ran beside the last one is over, and has lost.</summary>
    public void AddLost(Destination destination, string errorCode, TimeSpan took)
    {
        Tries++;
        _attempts.Add(new(destination.Pool.Id, destination.Endpoint.Id, errorCode, took.TotalMilliseconds));
    }

    /// <summary>The last try is over; said again, nothing changes.</summary>
    public void EndTry(string? errorCode, TimeSpan took)
    {
        if (_attempts.Count >= Tries)
            return;
        var counted = errorCode is null ? default : (Meter.Lost ?? Meter.Usage ?? default).Consistent();
        _attempts.Add(new(Leg.Destination.Pool.Id, Leg.Destination.Endpoint.Id, errorCode, took.TotalMilliseconds, counted));
    }
}
