using Platform.Contracts.Configuration;
using Platform.Gateway.Answers;
using Platform.Gateway.Authentication;
using Platform.Gateway.Chat;
using Platform.Gateway.Errors;
using Platform.Gateway.Routing;

namespace Platform.Gateway.Forwarding;

/// <summary>One request on its way: who asked for what, where it went, and what came of it. Belongs to one flow of control.</summary>
internal sealed class Exchange(HttpContext http, Caller caller, ChatRequest request, ReadOnlyMemory<byte> body, ModelEntry model)
{
    public HttpContext Http => http;

    public Caller Caller => caller;

    public ChatRequest Request => request;

    public ReadOnlyMemory<byte> Body => body;

    public ModelEntry Model => model;

    public Arrival Arrival { get; } = Arrival.Of(http);

    /// <summary>Cancelled when the tenant is suspended in a way that ends what runs.</summary>
    public CancellationToken Suspension { get; set; }

    /// <summary>Where the last try went; null before the first.</summary>
    public Destination? Destination { get; private set; }

    public int Tries { get; private set; }

    /// <summary>The request's body began to go out to an endpoint. A request that never did was not dispatched and leaves no record.</summary>
    public bool WasSent { get; set; }

    /// <summary>Timestamp of the last dispatch.</summary>
    public long DispatchedAt { get; private set; }

    /// <summary>Timestamp of the answer's first body byte.</summary>
    public long? FirstByteAt { get; set; }

    /// <summary>The upstream began to work on it, so that an estimate is due where nobody counts.</summary>
    public bool WorkBegan { get; set; }

    public UsageCount? Usage { get; set; }

    public bool UsageIsFinal { get; set; }

    public string? FinishReason { get; set; }

    /// <summary>Bytes of generated text, and chunks of it, that came.</summary>
    public long TextBytes { get; set; }

    public long TextChunks { get; set; }

    /// <summary>A record has been given to the journal; there must be one, and only one.</summary>
    public bool IsRecorded { get; set; }

    /// <summary>vLLM's own extension: usage in every chunk, so that cut streams are exact.</summary>
    public bool AsksContinuousUsage => Destination?.Pool.Engine == Engines.Vllm;

    /// <summary>Takes back what was prepared for the caller; its answer has not begun.</summary>
    public void ClearAnswer()
    {
        http.Response.Clear();
        http.Response.Headers[Errors.Arrival.Header] = Arrival.Id.ToString();
    }

    public void Dispatch(Destination destination, long timestamp)
    {
        Destination = destination;
        DispatchedAt = timestamp;
        Tries++;
    }
}
