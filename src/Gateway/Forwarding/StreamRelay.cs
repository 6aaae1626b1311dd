using System.Buffers;
using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Streamed answers: each event goes on as soon as it is whole, and the last one once the record is durable. When the
/// upstream dies after the first byte went out, the caller gets an error event and no last one.
/// </summary>
internal sealed class StreamRelay(UsageMeter meter, LimitsSettings limits, TimeProvider time)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    public async Task<Outcome> RelayAsync(Exchange exchange, HttpResponseMessage response, TryClock clock)
    {
        exchange.WorkBegan = true;
        using var stream = new EventStream(exchange.Leg.Codec.NewEvents(exchange), limits.MaxEventBytes);
        ApiError? failure;
        try
        {
            failure = await PumpAsync(exchange, response, stream, clock);
        }
        catch (Exception) when (clock.CallerLeft)
        {
            return new Outcome.CallerLeft();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            failure = clock.Error(ApiErrors.UpstreamFailed);
        }
        if (failure is not null)
            response.Dispose(); // an upstream that goes on must not wait for a caller that does not read
        if (failure is not null && !exchange.Http.Response.HasStarted)
            return Unbegun(exchange, failure, clock);
        return await FinishAsync(exchange, stream, failure);
    }

    /// <summary>Null when the stream came to its end; the answer has begun then.</summary>
    private async Task<ApiError?> PumpAsync(Exchange exchange, HttpResponseMessage response, EventStream stream, TryClock clock)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var source = await response.Content.ReadAsStreamAsync(clock.Token);
        while (!stream.IsDone)
        {
            var space = stream.Space();
            if (space.IsEmpty)
                return ApiErrors.UpstreamFailed;
            var read = await source.ReadAsync(space, clock.Token);
            if (read == 0)
                break;
            clock.Progress();
            stream.Advance(read, output);
            if (output.WrittenCount > 0)
                await SendAsync(exchange, response, output, clock.Token);
        }
        if (!stream.IsDone && !stream.Policy.IsComplete)
            return ApiErrors.UpstreamFailed;
        Begin(exchange, response);
        return null;
    }

    private async Task SendAsync(Exchange exchange, HttpResponseMessage response, ArrayBufferWriter<byte> output, CancellationToken token)
    {
        Begin(exchange, response);
        exchange.FirstByteAt ??= time.GetTimestamp();
        await exchange.Http.Response.Body.WriteAsync(output.WrittenMemory, token);
        output.ResetWrittenCount();
    }

    private static void Begin(Exchange exchange, HttpResponseMessage response)
    {
        if (exchange.Http.Response.HasStarted)
            return;
        exchange.Http.Response.StatusCode = StatusCodes.Status200OK;
        HeaderPolicy.CopyResponse(response, exchange.Http.Response);
        exchange.Http.Response.Headers.CacheControl = "no-cache";
        exchange.Http.Response.Headers["x-accel-buffering"] = "no";
    }

    private static Outcome Unbegun(Exchange exchange, ApiError failure, TryClock clock)
    {
        exchange.WorkBegan = false;
        exchange.Meter.Usage = null;
        return clock.IsRunning ? new Outcome.TryNext(failure, Penalise: true) : new Outcome.Failed(failure);
    }

    /// <summary>The record, then the last bytes. A record that could not be written ends the stream with an error instead.</summary>
    private async Task<Outcome> FinishAsync(Exchange exchange, EventStream stream, ApiError? failure)
    {
        var code = failure?.Code ?? (exchange.Meter.HasError ? ApiErrors.UpstreamFailed.Code : null);
        if (!await meter.TryCommitAsync(exchange, StatusCodes.Status200OK, code))
            failure ??= ApiErrors.JournalFailed;
        try
        {
            if (failure is not null)
                await EndAsync(exchange, failure, stream.Policy.NextSequence);
            else if (stream.IsDone || stream.Policy.OwesLast)
                await SendLastAsync(exchange, stream.Policy);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return new Outcome.CallerLeft();
        }
        return new Outcome.Answered();
    }

    private static async Task SendLastAsync(Exchange exchange, EventPolicy policy)
    {
        var output = new ArrayBufferWriter<byte>(64);
        policy.WriteLast(output);
        await exchange.Http.Response.Body.WriteAsync(output.WrittenMemory, exchange.Http.RequestAborted);
    }

    /// <summary>After a suspension a caller that does not read has half a second for it; Kestrel then drops the connection.</summary>
    private async Task EndAsync(Exchange exchange, ApiError failure, long sequence)
    {
        using var deadline = new CancellationTokenSource(exchange.Suspension.IsCancellationRequested ? LastWords : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, exchange.Http.RequestAborted);
        await exchange.Http.Response.Body.WriteAsync(ErrorShape.Of(exchange.Http).Event(failure, exchange.Arrival.Id, sequence), either.Token);
    }
}
