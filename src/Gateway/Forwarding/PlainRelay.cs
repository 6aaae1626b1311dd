using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// Answers that are not streamed: held whole, read, recorded, and only then sent. Until then nothing reached the caller,
/// so an upstream that dies in between can be replaced by another.
/// </summary>
internal sealed class PlainRelay(UsageMeter meter, CallerWriter writer, LimitsSettings limits, TimeProvider time)
{
    private const int MaxRefusalBytes = 1024 * 1024;

    public async Task<Outcome> RelayAsync(Exchange exchange, HttpResponseMessage response, TryClock clock)
    {
        exchange.WorkBegan = true;
        var bound = exchange.Leg.Codec.BoundOf(limits);
        using var buffer = new PooledBuffer(exchange.Buffers, bound.AnswerBytes);
        if (await ReadAsync(exchange, response, buffer, clock, bound.AnswerTooLarge) is { } failure)
            return failure;
        exchange.Leg.Codec.Read(buffer.Written.Span, exchange.Meter);
        if (clock.CallerLeft && exchange.Copy is null)
            return new Outcome.CallerLeft();
        if (exchange.Meter.Unread > 0 && !JsonText.IsWhole(buffer.Written.Span))
        {
            exchange.WorkBegan = false; // the caller gets nothing of it
            return new Outcome.Failed(ApiErrors.UpstreamFailed);
        }
        using var other = new BudgetedBuffer(exchange.Buffers, bound.AnswerBytes);
        var rewriting = exchange.Leg.Codec.Rewrite(buffer.Written, exchange, other);
        if (rewriting == Rewriting.Unreadable || (rewriting == Rewriting.Written && other.IsOver))
            return clock.CallerLeft ? new Outcome.CallerLeft() : new Outcome.Failed(ApiErrors.UpstreamFailed);
        var body = rewriting == Rewriting.Same ? buffer.Written : other.Written;
        return clock.CallerLeft ? Take(exchange, response, body) : await SendAsync(exchange, response, body, errorCode: null);
    }

    /// <summary>The caller left, and may come back for the answer.</summary>
    private static Outcome.CallerLeft Take(Exchange exchange, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        exchange.Http.Response.StatusCode = (int)response.StatusCode;
        HeaderPolicy.CopyResponse(response, exchange.Http.Response);
        exchange.Copy?.Add(body);
        exchange.Copy?.IsWhole = true;
        return new();
    }

    /// <summary>An upstream's 4xx is the caller's; where it has not the dialect's shape it gets one.</summary>
    public async Task<Outcome> RelayRefusalAsync(Exchange exchange, HttpResponseMessage response, TryClock clock)
    {
        using var buffer = new PooledBuffer(exchange.Buffers, MaxRefusalBytes);
        if (await ReadAsync(exchange, response, buffer, clock, ApiErrors.AnswerTooLarge) is { } failure)
            return failure;
        if (clock.CallerLeft)
            return new Outcome.CallerLeft();
        exchange.FirstByteAt = null;
        if (exchange.HasLaterTier && ContextLength.IsMeant((int)response.StatusCode, buffer.Written.Span))
            return new Outcome.TryLaterTier(ApiErrors.UpstreamRejected((int)response.StatusCode));
        if (MissingPath.IsMeant((int)response.StatusCode, buffer.Written.Span))
            return new Outcome.Unserved(UnservedOf(exchange));
        if (exchange.Leg.Codec.RefusalOf((int)response.StatusCode, buffer.Written) is { } said)
            return new Outcome.Failed(said);
        if (!exchange.Leg.Codec.IsRefusal(buffer.Written.Span))
            return new Outcome.Failed(ApiErrors.UpstreamRejected((int)response.StatusCode));
        exchange.Http.Response.Headers[ApiErrorWriter.ReasonHeader] = FailureReasons.Upstream;
        return await SendAsync(exchange, response, buffer.Written, ApiErrors.UpstreamRejected((int)response.StatusCode).Code);
    }

    /// <summary>An engine that has no such path, as an older version of it, is told apart from one that refuses.</summary>
    private static ApiError UnservedOf(Exchange exchange) => new(
        StatusCodes.Status404NotFound, "invalid_request_error", "unsupported_operation",
        $"The operation '{exchange.Operation.Name}' is not served: the model server, of kind '{exchange.Leg.Engine.Name}', has no such path. It may be an older version.",
        "model", FailureReasons.Upstream);

    /// <summary>Null when the body is in the buffer.</summary>
    private async Task<Outcome?> ReadAsync(Exchange exchange, HttpResponseMessage response, PooledBuffer buffer, TryClock clock, ApiError tooLarge)
    {
        try
        {
            var source = await response.Content.ReadAsStreamAsync(clock.Token);
            while (buffer.TryGetSpace(out var space))
            {
                var read = await source.ReadAsync(space, clock.Token);
                if (read == 0)
                    return null;
                clock.Progress(read);
                exchange.FirstByteAt ??= time.GetTimestamp();
                buffer.Advance(read);
                if (buffer.IsOverBound)
                    return new Outcome.Failed(tooLarge);
            }
            return new Outcome.Failed(ApiErrors.Overloaded);
        }
        catch (Exception) when (clock.CallerLeft)
        {
            return new Outcome.CallerLeft();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            exchange.FirstByteAt = null;
            exchange.WorkBegan = false;
            var error = clock.Error(ApiErrors.UpstreamFailed);
            return clock.AllowsNext ? new Outcome.TryNext(error) : new Outcome.Failed(error);
        }
    }

    private async Task<Outcome> SendAsync(Exchange exchange, HttpResponseMessage response, ReadOnlyMemory<byte> body, string? errorCode)
    {
        if (!await meter.TryCommitAsync(exchange, (int)response.StatusCode, errorCode))
            return new Outcome.Failed(ApiErrors.JournalFailed);
        var answer = exchange.Http.Response;
        answer.StatusCode = (int)response.StatusCode;
        HeaderPolicy.CopyResponse(response, answer);
        answer.ContentLength = body.Length;
        await writer.TryWriteAsync(exchange, body);
        return new Outcome.Answered();
    }
}
