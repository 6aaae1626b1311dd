using System.Globalization;
using System.Text;

namespace Platform.TestKit.Upstream;

/// <summary>Answers as bytes of HTTP/1.1.</summary>
internal static class AnswerBytes
{
    public static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();

    public static byte[] OfHead(ScriptStep.Head head)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {head.Status} {head.Reason}\r\n");
        foreach (var (name, value) in head.Headers)
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        text.Append(head.Framing.Kind switch
        {
            FramingKind.Chunked => "transfer-encoding: chunked\r\n",
            FramingKind.Length => string.Create(CultureInfo.InvariantCulture, $"content-length: {head.Framing.Length}\r\n"),
            _ => "",
        });
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    public static ReadOnlyMemory<byte> OfPiece(ReadOnlyMemory<byte> piece, bool raw, Framing framing)
    {
        if (raw || framing.Kind != FramingKind.Chunked)
            return piece;
        var size = Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n");
        return (byte[])[.. size, .. piece.Span, .. "\r\n"u8];
    }

    /// <summary>All that a script sends until it ends, whatever lies between.</summary>
    public static byte[] OfScript(Script script)
    {
        var bytes = new List<byte>();
        var framing = Framing.Unsaid;
        foreach (var step in script.Steps)
        {
            switch (step)
            {
                case ScriptStep.Head head:
                    framing = head.Framing;
                    bytes.AddRange(OfHead(head));
                    break;
                case ScriptStep.Send send:
                    bytes.AddRange(send.Pieces.Where(p => !p.IsEmpty).SelectMany(p => OfPiece(p, send.Raw, framing).ToArray()));
                    break;
                case ScriptStep.HugeEvent:
                    throw new NotSupportedException("A huge event is made as it is sent.");
                case ScriptStep.Close or ScriptStep.Reset:
                    return [.. bytes];
            }
        }
        if (framing.Kind == FramingKind.Chunked)
            bytes.AddRange(LastChunk);
        return [.. bytes];
    }
}
