using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Answers that are no text, as sound is: bytes go on as they come, and the last one once the record is durable. When the
/// upstream dies after the first byte went out, the caller's connection is broken too, since bytes cannot tell of an error.
/// </summary>
internal sealed class BytesRelay(UsageMeter meter, CallerWriter writer, TimeProvider time)
{
    private const int PieceBytes = 64 * 1024;

    public async Task<Outcome> RelayAsync(Exchange exchange, HttpResponseMessage response, TryClock clock)
    {
        if (exchange.Buffers.TryRent(PieceBytes) is not { } buffer)
            return new Outcome.Failed(ApiErrors.Overloaded);
        try
        {
            exchange.WorkBegan = true;
            return await RelayAsync(exchange, response, clock, buffer);
        }
        finally
        {
            exchange.Buffers.GiveBack(buffer);
        }
    }

    private async Task<Outcome> RelayAsync(Exchange exchange, HttpResponseMessage response, TryClock clock, byte[] buffer)
    {
        ApiError? failure = null;
        var held = 0;
        try
        {
            held = await PumpAsync(exchange, response, clock, buffer);
        }
        catch (Exception) when (clock.CallerLeft || clock.CallerTooSlow)
        {
            failure = ApiErrors.UpstreamFailed;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            failure = clock.Error(ApiErrors.UpstreamFailed);
        }
        exchange.Meter.IsCut = failure is not null && exchange.Http.Response.HasStarted;
        if (failure is not null)
            response.Dispose(); // an upstream that goes on must not wait for a caller that does not read
        if (clock.CallerLeft)
            return new Outcome.CallerLeft();
        if (clock.CallerTooSlow)
            return new Outcome.CallerTooSlow();
        if (failure is not null && !exchange.Http.Response.HasStarted)
            return Unbegun(exchange, failure, clock);
        if (!await meter.TryCommitAsync(exchange, (int)response.StatusCode, failure?.Code))
            failure ??= ApiErrors.JournalFailed;
        if (failure is null)
            await EndAsync(exchange, response, clock, buffer.AsMemory(0, held));
        else if (exchange.Http.Response.HasStarted)
            exchange.Http.Abort();
        else
            return new Outcome.Failed(failure);
        return new Outcome.Answered(failure);
    }

    /// <summary>Passes on all bytes but the last, which is in the buffer then. How many are held: one, or none of an empty answer.</summary>
    private async Task<int> PumpAsync(Exchange exchange, HttpResponseMessage response, TryClock clock, byte[] buffer)
    {
        var source = await response.Content.ReadAsStreamAsync(clock.Token);
        for (var held = 0; ; held = 1)
        {
            var read = await source.ReadAsync(buffer.AsMemory(held), clock.Token);
            if (read == 0)
                return held;
            clock.Progress(read);
            exchange.FirstByteAt ??= time.GetTimestamp();
            var last = held + read - 1;
            if (last > 0 && !clock.CallerLeft)
            {
                Begin(exchange, response, clock);
                await CallerWriter.WriteAsync(exchange, buffer.AsMemory(0, last), clock);
            }
            buffer[0] = buffer[last];
        }
    }

    private static Outcome Unbegun(Exchange exchange, ApiError failure, TryClock clock)
    {
        (exchange.WorkBegan, exchange.FirstByteAt) = (false, null);
        return clock.AllowsNext && failure.Reason == FailureReasons.Upstream ? new Outcome.TryNext(failure) : new Outcome.Failed(failure);
    }

    private static void Begin(Exchange exchange, HttpResponseMessage response, TryClock clock)
    {
        var answer = exchange.Http.Response;
        if (answer.HasStarted)
            return;
        clock.Delivered();
        answer.StatusCode = (int)response.StatusCode;
        HeaderPolicy.CopyResponse(response, answer);
        answer.ContentLength = response.Content.Headers.ContentLength;
    }

    private async Task EndAsync(Exchange exchange, HttpResponseMessage response, TryClock clock, ReadOnlyMemory<byte> last)
    {
        Begin(exchange, response, clock);
        await writer.TryWriteAsync(exchange, last);
    }
}
