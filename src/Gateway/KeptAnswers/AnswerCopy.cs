using System.Buffers;
using Platform.Contracts.Usage;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;

namespace Platform.Gateway.KeptAnswers;

/// <summary>
/// Takes along what a caller gets, for an answer that may be kept. One for a request, only where something may be kept of
/// it. It holds no more than an answer that is kept may have, out of the budget of all buffers.
/// </summary>
/// <param name="maxBytes">0 where only the end is of interest, not the answer.</param>
internal sealed class AnswerCopy(BufferBudget budget, int maxBytes) : IDisposable
{
    private BudgetedBuffer _bytes = new(budget, maxBytes);
    private KeptAnswer? _kept;
    private ApiError? _refusal;

    /// <summary>Told once that the answer is final, before its last bytes go: whoever gets them may repeat at once.</summary>
    private Action? _whenFinal;

    /// <summary>Durable; null until then.</summary>
    public UsageRecord? Record { get; set; }

    /// <summary>All of it was taken along, although its caller left.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Its caller may come back for it: it is read to its end, within bounds, also when the caller left.</summary>
    public bool IsAwaited { get; init; }

    /// <summary>Where the answer was a kept one itself.</summary>
    public KeptAnswer? Given { get; set; }

    public bool IsSettled { get; private set; }

    public void Add(ReadOnlyMemory<byte> bytes)
    {
        if (maxBytes > 0)
            _bytes.Write(bytes.Span);
    }

    /// <summary>They are the last ones where the record is durable.</summary>
    public void AddLast(ReadOnlyMemory<byte> bytes)
    {
        Add(bytes);
        Settle();
    }

    /// <summary>The answer is this error, which is not passed on as the upstream said it.</summary>
    public void Refuse(ApiError error)
    {
        _refusal = error;
        Settle();
    }

    public void WhenFinal(Action act) => _whenFinal += act;

    /// <summary>Said again, nothing changes.</summary>
    public void Settle()
    {
        if (IsSettled || !IsFinal)
            return;
        _whenFinal?.Invoke();
        IsSettled = true;
    }

    /// <summary>For another try.</summary>
    public void Clear()
    {
        _bytes.Dispose();
        _bytes = new(budget, maxBytes);
    }

    /// <summary>
    /// The request has come to an end that a repeat of it would come to again: an answer, or the upstream's refusal. What
    /// official clients repeat by themselves is none, nor is what was cut, nor what nobody was there to take.
    /// </summary>
    public bool IsFinal => Given is not null || Record switch
    {
        null => false,
        { Status: < 300, ErrorCode: null } => true,
        { Status: StatusCodes.Status499ClientClosedRequest } => IsWhole,
        { Status: 408 or 409 or 425 or 429 } => false,
        { Status: >= 400 and < 500 } => true,
        _ => false,
    };

    /// <summary>Null where it was not final, or was too large to be taken along.</summary>
    public KeptAnswer? ToKept(Exchange exchange)
    {
        if (Given is not null || !IsFinal || maxBytes == 0)
            return Given;
        if (_refusal is not null)
            return _kept ??= KeptRefusal(exchange, _refusal);
        var answer = exchange.Http.Response;
        return _bytes.IsOver ? null : _kept ??= new(exchange.Arrival.Id, answer.StatusCode, KeptHeaders.Of(answer), _bytes.Written.ToArray());
    }

    private static KeptAnswer KeptRefusal(Exchange exchange, ApiError error)
    {
        var headers = KeptHeaders.Of(exchange.Http.Response);
        headers.Add(new("content-type", "application/json"));
        headers.Add(new(ApiErrorWriter.ReasonHeader, error.Reason));
        return new(exchange.Arrival.Id, error.Status, headers, ErrorShape.Of(exchange.Http).Body(error, exchange.Arrival.Id));
    }

    public void Dispose() => _bytes.Dispose();
}
