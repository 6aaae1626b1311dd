namespace Platform.Gateway.Forwarding;

/// <summary>
/// Writes to callers. One that does not read holds at most what the server buffers for a connection: each piece must be
/// taken within <see cref="UpstreamSettings.WriteSeconds"/>, or the connection is dropped.
/// </summary>
internal sealed class CallerWriter(UpstreamSettings settings, TimeProvider time)
{
    /// <summary>What the server takes at once; a longer write would be copied whole before anybody waits for the caller.</summary>
    private const int PieceBytes = 64 * 1024;

    private readonly TimeSpan _limit = TimeSpan.FromSeconds(settings.WriteSeconds);

    /// <summary>Under the try's clock, which ends the try when the caller is too slow.</summary>
    /// <param name="isAnswer">False for signs of life, which nobody gets again.</param>
    public static async ValueTask WriteAsync(Exchange exchange, ReadOnlyMemory<byte> bytes, TryClock clock, bool isAnswer = true)
    {
        if (isAnswer)
            exchange.Copy?.Add(bytes);
        var body = exchange.Http.Response.Body;
        for (var rest = bytes; rest.Length > 0;)
        {
            var piece = rest[..Math.Min(rest.Length, PieceBytes)];
            rest = rest[piece.Length..];
            exchange.BytesOut += piece.Length;
            var write = body.WriteAsync(piece, clock.Token);
            if (write.IsCompleted)
            {
                await write;
                continue;
            }
            clock.WriteWaits();
            try
            {
                await write;
            }
            finally
            {
                clock.WriteEnds();
            }
        }
    }

    /// <summary>When the try is over. False where the caller left, or was too slow.</summary>
    /// <param name="limit">For each piece; null for the setting.</param>
    public async ValueTask<bool> TryWriteAsync(Exchange exchange, ReadOnlyMemory<byte> bytes, TimeSpan? limit = null)
    {
        exchange.Copy?.AddLast(bytes);
        var body = exchange.Http.Response.Body;
        try
        {
            for (var rest = bytes; rest.Length > 0 && !exchange.CallerAborted.IsCancellationRequested;)
            {
                var piece = rest[..Math.Min(rest.Length, PieceBytes)];
                rest = rest[piece.Length..];
                exchange.BytesOut += piece.Length;
                var write = body.WriteAsync(piece, CancellationToken.None);
                if (write.IsCompleted)
                    await write;
                else if (!await IsTakenAsync(write.AsTask(), exchange, limit ?? _limit))
                    return false;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
        return !exchange.CallerAborted.IsCancellationRequested;
    }

    /// <summary>The write is over in any case: its bytes may be used for something else.</summary>
    private async Task<bool> IsTakenAsync(Task write, Exchange exchange, TimeSpan limit)
    {
        try
        {
            await write.WaitAsync(limit, time);
            return true;
        }
        catch (TimeoutException)
        {
            exchange.Http.Abort();
            await write;
            return false;
        }
    }
}
