using System.Buffers;
using System.Globalization;
using System.Text;

namespace Platform.TestKit.Upstream;

/// <summary>HTTP/1.1 as a server reads it (RFC 9112), strict, so that a gateway's sloppy request is seen and not guessed at.</summary>
internal sealed class RequestReader(ByteSource source, UpstreamOptions options)
{
    /// <summary>Null where the connection ended between two requests.</summary>
    public async Task<RequestHead?> ReadHeadAsync(CancellationToken cancel)
    {
        int end;
        while ((end = source.Buffered.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (source.Buffered.Length > options.MaxHeadBytes)
                throw new UpstreamFaultException($"A head of more than {options.MaxHeadBytes} bytes.");
            if (!await source.MoreAsync(cancel))
                return source.Buffered.IsEmpty ? null : throw new CallerLeftException();
        }
        var raw = source.Buffered[..(end + 4)].ToArray();
        source.Advance(raw.Length);
        return Parse(raw);
    }

    /// <summary>The body with and without its framing.</summary>
    public async Task<(byte[] Body, byte[] Raw)> ReadBodyAsync(RequestHead head, CancellationToken cancel)
    {
        var lengths = head.Headers.Where(h => h.Key.Equals("content-length", StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        if (head.First("transfer-encoding") is { } coding)
        {
            if (lengths.Count > 0 || !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
                throw new UpstreamFaultException($"Transfer-Encoding: {coding} with {lengths.Count} Content-Length.");
            return await ReadChunksAsync(cancel);
        }
        if (lengths.Count == 0)
            return ([], []);
        if (lengths.Count > 1 || !int.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > options.MaxBodyBytes)
            throw new UpstreamFaultException($"Content-Length: {string.Join(" | ", lengths)}.");
        var body = await TakeAsync(length, cancel);
        return (body, body);
    }

    private static RequestHead Parse(byte[] raw)
    {
        var lines = Encoding.Latin1.GetString(raw, 0, raw.Length - 4).Split("\r\n");
        if (lines[0].Split(' ') is not [var method, var target, var version] || version is not ("HTTP/1.1" or "HTTP/1.0"))
            throw new UpstreamFaultException($"Request line '{lines[0]}'.");
        var headers = new List<KeyValuePair<string, string>>(lines.Length - 1);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[..colon].Any(c => c is ' ' or '\t'))
                throw new UpstreamFaultException($"Header line '{line}'.");
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }
        return new(method, target, version, headers, raw);
    }

    private async Task<(byte[] Body, byte[] Raw)> ReadChunksAsync(CancellationToken cancel)
    {
        var (body, raw) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        while (true)
        {
            var line = await TakeLineAsync(raw, cancel);
            if (!int.TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) || size < 0
                || body.WrittenCount + (long)size > options.MaxBodyBytes)
            {
                throw new UpstreamFaultException($"Chunk header '{line}'.");
            }
            if (size == 0)
                break;
            var data = await TakeAsync(size, cancel);
            body.Write(data);
            raw.Write(data);
            if (await TakeLineAsync(raw, cancel) is not "")
                throw new UpstreamFaultException("A chunk longer than its header says.");
        }
        // Trailers, if any, up to the empty line.
        while (await TakeLineAsync(raw, cancel) is not "")
            continue;
        return (body.WrittenSpan.ToArray(), raw.WrittenSpan.ToArray());
    }

    private async Task<string> TakeLineAsync(ArrayBufferWriter<byte> raw, CancellationToken cancel)
    {
        int end;
        while ((end = source.Buffered.IndexOf("\r\n"u8)) < 0)
        {
            if (source.Buffered.Length > options.MaxHeadBytes)
                throw new UpstreamFaultException("An endless line in a chunked body.");
            await NeedMoreAsync(cancel);
        }
        var line = Encoding.Latin1.GetString(source.Buffered[..end]);
        raw.Write(source.Buffered[..(end + 2)]);
        source.Advance(end + 2);
        return line;
    }

    private async Task<byte[]> TakeAsync(int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        for (var at = 0; at < length;)
        {
            var part = Math.Min(source.Buffered.Length, length - at);
            source.Buffered[..part].CopyTo(bytes.AsSpan(at));
            source.Advance(part);
            at += part;
            if (at < length)
                await NeedMoreAsync(cancel);
        }
        return bytes;
    }

    private async Task NeedMoreAsync(CancellationToken cancel)
    {
        if (!await source.MoreAsync(cancel))
            throw new CallerLeftException();
    }
}

/// <summary>The caller sent what a server may not accept, or a script could not be played.</summary>
public sealed class UpstreamFaultException(string message, Exception? inner = null) : Exception(message, inner);

internal sealed class CallerLeftException() : Exception("The caller left.");
