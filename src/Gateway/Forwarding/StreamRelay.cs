using System.Buffers;
using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Streamed answers: each event goes on as soon as it is whole, and the last one once the record is durable. When the
/// upstream dies after the first byte went out, the caller gets an error event and no last one.
/// </summary>
internal sealed class StreamRelay(
    UsageMeter meter, CallerWriter writer, LimitsSettings limits, UpstreamSettings settings, TimeProvider time)
{
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    public async Task<Outcome> RelayAsync(Exchange exchange, HttpResponseMessage response, TryClock clock)
    {
        exchange.WorkBegan = true;
        var bound = exchange.Leg.Codec.BoundOf(limits);
        using var stream = new EventStream(exchange.Leg.Codec.NewEvents(exchange), bound.EventBytes, exchange.Buffers);
        using var caller = new CallerStream(exchange, response, clock, settings, time);
        ApiError? failure;
        try
        {
            failure = await PumpAsync(exchange, response, stream, caller, clock, bound.EventTooLarge);
        }
        catch (Exception) when (clock.CallerLeft || clock.CallerTooSlow)
        {
            failure = ApiErrors.UpstreamFailed;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            failure = clock.Error(ApiErrors.UpstreamFailed);
        }
        if (failure is not null)
            response.Dispose(); // an upstream that goes on must not wait for a caller that does not read
        await caller.CloseAsync();
        if (clock.CallerLeft)
        {
            if (failure is null && exchange.Copy is { } copy && !exchange.Meter.HasError)
                TakeLast(stream, caller, copy);
            return new Outcome.CallerLeft();
        }
        if (clock.CallerTooSlow)
            return new Outcome.CallerTooSlow();
        if (failure is not null && !exchange.Http.Response.HasStarted)
            return Unbegun(exchange, failure, clock);
        caller.Begin();
        return await FinishAsync(exchange, stream, failure);
    }

    /// <summary>Null when the stream came to its end.</summary>
    private static async Task<ApiError?> PumpAsync(Exchange exchange, HttpResponseMessage response, EventStream stream, CallerStream caller, TryClock clock, ApiError tooLarge)
    {
        using var output = new PooledWriter(exchange.Buffers);
        var source = await response.Content.ReadAsStreamAsync(clock.Token);
        while (!stream.IsDone)
        {
            var space = stream.Space();
            if (space.IsEmpty)
                return stream.IsStarved ? ApiErrors.Overloaded : tooLarge;
            var read = await source.ReadAsync(space, clock.Token);
            if (read == 0)
                break;
            clock.Progress(read);
            stream.Advance(read, output);
            if (output.WrittenCount > 0)
                await caller.WriteAsync(output.WrittenMemory);
            output.Clear();
        }
        return stream.IsDone || stream.Policy.IsComplete ? null : ApiErrors.UpstreamFailed;
    }

    private static Outcome Unbegun(Exchange exchange, ApiError failure, TryClock clock)
    {
        exchange.WorkBegan = false;
        exchange.Meter.GiveUp();
        return clock.AllowsNext && failure.Reason == FailureReasons.Upstream ? new Outcome.TryNext(failure) : new Outcome.Failed(failure);
    }

    /// <summary>The record, then the last bytes. A record that could not be written ends the stream with an error instead.</summary>
    private async Task<Outcome> FinishAsync(Exchange exchange, EventStream stream, ApiError? failure)
    {
        var code = failure?.Code ?? (exchange.Meter.HasError ? ApiErrors.UpstreamFailed.Code : null);
        if (!await meter.TryCommitAsync(exchange, StatusCodes.Status200OK, code))
            failure ??= ApiErrors.JournalFailed;
        if (failure is not null)
            await EndAsync(exchange, failure, stream.Policy);
        else if (stream.IsDone || stream.Policy.OwesLast)
            await SendLastAsync(exchange, stream.Policy);
        return new Outcome.Answered(failure);
    }

    /// <summary>The caller left, and may come back for the answer.</summary>
    private static void TakeLast(EventStream stream, CallerStream caller, AnswerCopy copy)
    {
        caller.Begin();
        if (stream.IsDone || stream.Policy.OwesLast)
        {
            var output = new ArrayBufferWriter<byte>(64);
            stream.Policy.WriteLast(output);
            copy.Add(output.WrittenMemory);
        }
        copy.IsWhole = true;
    }

    private async Task SendLastAsync(Exchange exchange, EventPolicy policy)
    {
        using var output = new PooledWriter(exchange.Buffers);
        policy.WriteLast(output);
        await writer.TryWriteAsync(exchange, output.WrittenMemory);
    }

    /// <summary>After a suspension a caller that does not read has half a second for it; then its connection is dropped.</summary>
    private async Task EndAsync(Exchange exchange, ApiError failure, EventPolicy policy)
    {
        using var output = new PooledWriter(exchange.Buffers);
        if (failure != ApiErrors.JournalFailed)
            policy.WriteKept(output);
        if (!exchange.Meter.HasError) // else the engine told of it itself
            output.Write(ErrorShape.Of(exchange.Http).Event(failure, exchange.Arrival.Id, policy.NextSequence).AsSpan());
        var limit = exchange.Suspension.IsCancellationRequested ? LastWords : (TimeSpan?)null;
        await writer.TryWriteAsync(exchange, output.WrittenMemory, limit);
    }
}
