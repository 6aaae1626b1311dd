using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Platform.TestKit.Upstream;

/// <summary>Plays one script on one connection.</summary>
internal sealed class ScriptPlayer(Socket socket, Stream stream, UpstreamOptions options, Func<CancellationToken, Task> readRequest)
{
    private Framing _framing = Framing.Unsaid;
    private long _written;

    /// <summary>The last byte is on its way: who leaves now has had all of it.</summary>
    public bool SaidAll { get; private set; }

    /// <summary>The answer's own headers or framing forbid another one on this connection.</summary>
    public bool MustClose { get; private set; }

    public async Task<ScriptEnd> PlayAsync(Script script, UpstreamRequest request, CancellationToken cancel)
    {
        foreach (var step in script.Steps)
        {
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
                await stream.WriteAsync(HeadBytes(head), cancel);
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
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), cancel);
        return ScriptEnd.Finished;
    }

    private byte[] HeadBytes(ScriptStep.Head head)
    {
        _framing = head.Framing;
        _written = 0;
        SaidAll = _framing is { Kind: FramingKind.Length, Length: 0 };
        MustClose = _framing.Kind == FramingKind.UntilClose
            || head.Headers.Any(h => h.Key.Equals("connection", StringComparison.OrdinalIgnoreCase) && h.Value.Equals("close", StringComparison.OrdinalIgnoreCase));
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {head.Status} {head.Reason}\r\n");
        foreach (var (name, value) in head.Headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        text.Append(_framing.Kind switch
        {
            FramingKind.Chunked => "transfer-encoding: chunked\r\n",
            FramingKind.Length => string.Create(CultureInfo.InvariantCulture, $"content-length: {_framing.Length}\r\n"),
            _ => "",
        });
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    private async Task SendAsync(ScriptStep.Send send, CancellationToken cancel)
    {
        for (var i = 0; i < send.Pieces.Count; i++)
        {
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
        if (raw || _framing.Kind != FramingKind.Chunked)
        {
            await stream.WriteAsync(piece, cancel);
            return;
        }
        var size = Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n");
        await stream.WriteAsync((byte[])[.. size, .. piece.Span, .. "\r\n"u8], cancel);
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
