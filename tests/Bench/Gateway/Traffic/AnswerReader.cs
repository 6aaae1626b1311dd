using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Platform.Bench.Gateway.Traffic;

/// <summary>Reads answers of HTTP/1.1 in any pieces: a length or chunks (RFC 9112, sections 6 and 7.1), and the stamps in their events.</summary>
internal sealed class AnswerReader
{
    private const int MaxHead = 16 * 1024;

    private readonly StampScan _stamps = new();
    private readonly byte[] _head = new byte[MaxHead];
    private Part _part;
    private int _headLength;
    private long _left;
    private bool _scan;

    private enum Part
    {
        Head,
        Body,
        Size,
        Extension,
        Chunk,
        AfterChunk,
        Trailer,
        Done,
    }

    public int Status { get; private set; }

    public bool IsDone => _part == Part.Done;

    /// <summary>The connection takes no further request.</summary>
    public bool Closes { get; private set; }

    public bool SawDone => _stamps.SawDone;

    public List<long> Events => _stamps.Latencies;

    /// <summary>The beginning of the answer, for a message.</summary>
    public string Text => Encoding.UTF8.GetString(_head.AsSpan(0, Math.Min(_headLength, 200))).ReplaceLineEndings(" ");

    public void Begin(bool scan)
    {
        (_part, _headLength, _scan) = (Part.Head, 0, scan);
        _stamps.Begin();
    }

    public void Feed(ReadOnlySpan<byte> bytes, long now)
    {
        while (!bytes.IsEmpty && !IsDone)
        {
            var taken = _part switch
            {
                Part.Head => Head(bytes),
                Part.Body => Data(bytes, now, Part.Done),
                Part.Chunk => Data(bytes, now, Part.AfterChunk),
                _ => Framing(bytes[0]),
            };
            bytes = bytes[taken..];
        }
    }

    private int Head(ReadOnlySpan<byte> bytes)
    {
        var before = _headLength;
        var count = Math.Min(bytes.Length, MaxHead - before);
        if (count == 0)
            throw new IOException("the answer's head is too long");
        bytes[..count].CopyTo(_head.AsSpan(before));
        _headLength += count;
        var from = Math.Max(0, before - 3);
        var end = _head.AsSpan(from, _headLength - from).IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return count;
        _headLength = from + end + 4;
        Understand(_head.AsSpan(0, _headLength));
        return _headLength - before;
    }

    private void Understand(ReadOnlySpan<byte> head)
    {
        if (!Utf8Parser.TryParse(head[9..12], out int status, out _))
            throw new IOException("the answer has no status");
        (Status, Closes, _left) = (status, false, 0);
        var chunked = false;
        while (head.IndexOf("\r\n"u8) is var end and > 0)
        {
            var line = head[..end];
            if (Value(line, "content-length:"u8) is { IsEmpty: false } length)
                _left = long.Parse(length, CultureInfo.InvariantCulture);
            else if (Value(line, "transfer-encoding:"u8) is { IsEmpty: false } coding)
                chunked = Ascii.EqualsIgnoreCase(coding, "chunked"u8);
            else if (Value(line, "connection:"u8) is { IsEmpty: false } connection)
                Closes = Ascii.EqualsIgnoreCase(connection, "close"u8);
            head = head[(end + 2)..];
        }
        _part = chunked ? Part.Size : _left > 0 ? Part.Body : Part.Done;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name) ? line[name.Length..].Trim((byte)' ') : default;

    private int Data(ReadOnlySpan<byte> bytes, long now, Part next)
    {
        var count = (int)Math.Min(bytes.Length, _left);
        if (_scan)
            _stamps.Feed(bytes[..count], now);
        _left -= count;
        if (_left == 0)
            (_part, _left) = (next, 0);
        return count;
    }

    /// <summary>One byte of what stands between chunks.</summary>
    private int Framing(byte b)
    {
        switch (_part)
        {
            case Part.Size when b == (byte)'\n':
            case Part.Extension when b == (byte)'\n':
                (_part, Trailing) = _left == 0 ? (Part.Trailer, 0) : (Part.Chunk, 0);
                break;
            case Part.Size when char.IsAsciiHexDigit((char)b):
                _left = (_left * 16) + Convert.ToInt32(((char)b).ToString(), 16);
                break;
            case Part.Size when b != (byte)'\r':
                _part = Part.Extension;
                break;
            case Part.AfterChunk when b == (byte)'\n':
                _part = Part.Size;
                break;
            case Part.Trailer when b == (byte)'\n':
                _part = Trailing == 0 ? Part.Done : Part.Trailer;
                Trailing = 0;
                break;
            case Part.Trailer when b != (byte)'\r':
                Trailing++;
                break;
        }
        return 1;
    }

    /// <summary>Characters of the trailer's line so far; an empty line ends the answer.</summary>
    private int Trailing { get; set; }
}
