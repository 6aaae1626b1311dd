using System.Diagnostics;
using Platform.Gateway.Errors;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;
using Platform.Gateway.Translation;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Two tries of one request beside each other, below the forwarder, which sees the one that answers: the second begins
/// when the first is silent for long, the first that has a byte of its answer wins, and the other is cancelled.
/// </summary>
internal sealed class Hedge(Hedges hedges, Exchange exchange, RequestRoute route, TimeSpan after) : HttpMessageHandler, IAsyncDisposable
{
    /// <summary>What a try ended with that was cancelled because the other one answered.</summary>
    private const string Code = "hedged";

    private readonly CancellationTokenSource _endOne = new();
    private readonly CancellationTokenSource _endTwo = new();
    private Task<HttpResponseMessage>? _one;
    private Task<HttpResponseMessage>? _two;
    private Leg? _leg;
    private LegContent? _content;
    private Flight? _flight;
    private Activity? _span;
    private long _startedAt;

    /// <summary>The second try answered; the exchange is at it.</summary>
    public bool Won { get; private set; }

    /// <summary>The body of the second try began to go out.</summary>
    public bool WasSent => _content is { WasRead: true };

    /// <summary>What the first try ended with where the second won.</summary>
    public string? LostWith { get; private set; }

    /// <summary>Says of each try's endpoint what it is.</summary>
    /// <param name="verdict">What the answer says of the endpoint that gave it.</param>
    public void Judge(Flight first, Verdict verdict)
    {
        var lost = Won ? _one : _two;
        var ofLost = lost is { IsCompleted: true } && Breaks(lost) ? Verdict.Broken : Verdict.None;
        first.Verdict = Won ? ofLost : verdict;
        if (_flight is not null)
            _flight.Verdict = Won ? verdict : ofLost;
    }

    /// <summary>Ends the span of the second try where it won.</summary>
    /// <param name="error">Null where the endpoint answered.</param>
    public void EndSecond(string? error) => RequestSpans.EndTry(_span, error);

    public async ValueTask DisposeAsync()
    {
        await _endOne.CancelAsync();
        await _endTwo.CancelAsync();
        await DropAsync(_one);
        await DropAsync(_two);
        if (_content is not null)
            await _content.Ended;
        _flight?.Dispose();
        _span?.Dispose();
        _leg?.Dispose();
        _endOne.Dispose();
        _endTwo.Dispose();
        Dispose();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var one = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _endOne);
        using var two = cancellationToken.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _endTwo);
        _one = HearAsync(exchange.Leg.Destination, request, _endOne.Token);
        using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(_endOne.Token))
        {
            await Task.WhenAny(_one, Task.Delay(after, hedges.Time, waiting.Token));
            await waiting.CancelAsync();
        }
        if (_one.IsCompleted || cancellationToken.IsCancellationRequested || hedges.TryTake(exchange, route) is not { } leg)
            return await _one;
        _two = Begin(leg);
        if (await IsSecondSoonerAsync(_one, _two))
            TakeSecond(_one);
        else
            LeaveSecond(_two);
        return await (Won ? _two : _one);
    }

    /// <summary>True where the second answers before the first, or in its place.</summary>
    private static async Task<bool> IsSecondSoonerAsync(Task<HttpResponseMessage> one, Task<HttpResponseMessage> two)
    {
        var sooner = await Task.WhenAny(one, two);
        if (Answers(sooner))
            return sooner == two;
        var later = sooner == one ? two : one;
        await Task.WhenAny(later);
        return later == two && Answers(two);
    }

    private static bool Answers(Task<HttpResponseMessage> lane) =>
        lane.IsCompletedSuccessfully && (int)lane.Result.StatusCode is (>= 200 and < 300) or (>= 400 and < 500 and not StatusCodes.Status429TooManyRequests);

    private static bool Breaks(Task<HttpResponseMessage> lane) => lane.IsFaulted || (lane.IsCompletedSuccessfully && (int)lane.Result.StatusCode >= 500);

    private static string CodeOf(Task<HttpResponseMessage> lane) =>
        !lane.IsCompleted || lane.IsCanceled || Answers(lane) ? Code
        : Breaks(lane) ? ApiErrors.UpstreamFailed.Code!
        : ApiErrors.UpstreamBusy(null).Code!;

    private static async Task DropAsync(Task<HttpResponseMessage>? lane)
    {
        if (lane is null)
            return;
        await ((Task)lane).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (lane.IsCompletedSuccessfully)
            lane.Result.Dispose();
    }

    private Task<HttpResponseMessage> Begin(Leg leg)
    {
        (_leg, _startedAt) = (leg, hedges.Time.GetTimestamp());
        _flight = hedges.Router.Enter(leg.Destination);
        _span = RequestSpans.StartTry(exchange, leg.Destination, exchange.Tries + 1);
        _content = new(leg.Body);
        var request = new HttpRequestMessage(HttpMethod.Post, leg.Uri)
        {
            Version = UpstreamClients.Version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = _content,
        };
        Attempt.MakeHead(exchange, leg, request);
        return HearAsync(leg.Destination, request, _endTwo.Token);
    }

    /// <summary>Until there is a byte of an answer, or a status that says that there is none to wait for.</summary>
    private async Task<HttpResponseMessage> HearAsync(Destination destination, HttpRequestMessage request, CancellationToken token)
    {
        var response = await hedges.Clients.InvokerOf(destination.Pool).SendAsync(request, token);
        try
        {
            if (response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadAsStreamAsync(token);
                // Nothing is read: it waits until there is something.
                _ = await body.ReadAsync(Memory<byte>.Empty, token);
            }
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private void TakeSecond(Task<HttpResponseMessage> first)
    {
        LostWith = CodeOf(first);
        if (first.IsCompleted && Breaks(first))
            hedges.Router.SetBack(exchange.Leg.Destination, null);
        _endOne.Cancel();
        exchange.EndTry(LostWith, hedges.Time.GetElapsedTime(exchange.DispatchedAt));
        exchange.Dispatch(_leg!, _startedAt);
        var headers = exchange.Http.Response.Headers;
        if (_leg!.Dropped is { } dropped)
            headers[Findings.Header] = dropped;
        else
            headers.Remove(Findings.Header);
        Won = true;
    }

    private void LeaveSecond(Task<HttpResponseMessage> second)
    {
        var code = CodeOf(second);
        if (second.IsCompleted && Breaks(second))
            hedges.Router.SetBack(_leg!.Destination, null);
        _endTwo.Cancel();
        exchange.AddLost(_leg!.Destination, code, hedges.Time.GetElapsedTime(_startedAt));
        RequestSpans.EndTry(_span, code);
    }
}
