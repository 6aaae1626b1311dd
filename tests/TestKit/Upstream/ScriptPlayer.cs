using System.Net.Sockets;

namespace Platform.TestKit.Upstream;

/// <summary>Plays one script on one connection.</summary>
internal sealed class ScriptPlayer(Socket socket, Stream stream, UpstreamOptions options, Func<CancellationToken, Task> readRequest)
{
    private Framing _framing = Framing.Unsaid;
    private long _written;
    private bool _last;

    /// <summary>The last byte is on its way: who leaves now has had all of it.</summary>
    public bool SaidAll { get; private set; }

    /// <summary>The answer's own headers or framing forbid another one on this connection.</summary>
    public bool MustClose { get; private set; }

    public async Task<ScriptEnd> PlayAsync(Script script, UpstreamRequest request, CancellationToken cancel)
    {
        for (var i = 0; i < script.Steps.Length; i++)
        {
            var step = script.Steps[i];
            _last = script.Steps.Length - i <= (script.Steps[^1] is ScriptStep.Finish ? 2 : 1);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            deadline.CancelAfter(options.Deadline);
            try
            {
                if (await PlayAsync(step, request, deadline.Token) is { } end)
                    return end;
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                throw new UpstreamFaultException($"{request}: the step {step.GetType().Name} took longer than {options.Deadline.TotalSeconds:0.###} s.");
            }
        }
        return await FinishAsync(cancel);
    }

    private async Task<ScriptEnd?> PlayAsync(ScriptStep step, UpstreamRequest request, CancellationToken cancel)
    {
        switch (step)
        {
            case ScriptStep.Head head:
                await BeginAsync(head, cancel);
                break;
            case ScriptStep.Send send:
                await SendAsync(send, cancel);
                break;
            case ScriptStep.HugeEvent huge:
                await SendHugeEventAsync(huge.Bytes, cancel);
                break;
            case ScriptStep.StallUntil stall:
                await stall.Until.WaitAsync(cancel);
                break;
            case ScriptStep.StallFor stall:
                await Task.Delay(stall.Time, options.Clock, cancel);
                break;
            case ScriptStep.ReadRequest:
                await readRequest(cancel);
                break;
            case ScriptStep.Run run:
                await run.Action(request).WaitAsync(cancel);
                break;
            case ScriptStep.Finish:
                return await FinishAsync(cancel);
            case ScriptStep.Close:
                SaidAll = true;
                return ScriptEnd.Closed;
            case ScriptStep.Reset:
                SaidAll = true;
                return ScriptEnd.Reset;
        }
        return null;
    }

    private async Task<ScriptEnd> FinishAsync(CancellationToken cancel)
    {
        SaidAll = true;
        if (_framing.Kind == FramingKind.Chunked)
            await stream.WriteAsync(AnswerBytes.LastChunk, cancel);
        return ScriptEnd.Finished;
    }

    private async Task BeginAsync(ScriptStep.Head head, CancellationToken cancel)
    {
        _framing = head.Framing;
        _written = 0;
        SaidAll = _framing is { Kind: FramingKind.Length, Length: 0 };
        MustClose = _framing.Kind == FramingKind.UntilClose
            || head.Headers.Any(h => h.Key.Equals("connection", StringComparison.OrdinalIgnoreCase) && h.Value.Equals("close", StringComparison.OrdinalIgnoreCase));
        await stream.WriteAsync(AnswerBytes.OfHead(head), cancel);
    }

    private async Task SendAsync(ScriptStep.Send send, CancellationToken cancel)
    {
        for (var i = 0; i < send.Pieces.Count; i++)
        {
            // A chunked answer still owes its last chunk.
            SaidAll |= _last && i == send.Pieces.Count - 1 && _framing.Kind != FramingKind.Chunked;
            await SendAsync(send.Pieces[i], send.Raw, cancel);
            if (send.Pace.WaitsForReader)
                await UnreadBytes.WaitForNoneAsync(socket, cancel);
            else if (send.Pace.Pause > TimeSpan.Zero && i < send.Pieces.Count - 1)
                await Task.Delay(send.Pace.Pause, options.Clock, cancel);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> piece, bool raw, CancellationToken cancel)
    {
        if (piece.IsEmpty)
            return;
        if (!raw)
            _written += piece.Length;
        if (_framing.Kind == FramingKind.Length && _written >= _framing.Length)
            SaidAll = true;
        await stream.WriteAsync(AnswerBytes.OfPiece(piece, raw, _framing), cancel);
    }

    private async Task SendHugeEventAsync(long bytes, CancellationToken cancel)
    {
        var block = new byte[64 << 10];
        Array.Fill(block, (byte)'x');
        await SendAsync("data: {\"huge\":\""u8.ToArray(), raw: false, cancel);
        for (var left = bytes; left > 0; left -= block.Length)
            await SendAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), raw: false, cancel);
        await SendAsync("\"}\n\n"u8.ToArray(), raw: false, cancel);
    }
}
