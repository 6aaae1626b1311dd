using System.Text;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>
/// Finds the parts of a <c>multipart/form-data</c> body that is whole in memory (RFC 2046, 5.1.1), without copying any.
/// Text before the first part or behind the last is refused, and so is a line that begins with the delimiter and is none:
/// a reader that takes them otherwise would find other parts.
/// </summary>
internal static class FormParts
{
    public const int MaxParts = 128;
    private const int MaxHeadBytes = 4 * 1024;
    private const int MaxBoundary = 70;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>In their order; at most <see cref="MaxParts"/>.</summary>
    public static Result<List<FormPart>> Read(ReadOnlySpan<byte> body, string? boundary)
    {
        if (!IsBoundary(boundary))
            return FormErrors.Malformed("the Content-Type has no boundary, or one that is not well-formed.");
        var delimiter = Encoding.ASCII.GetBytes("\r\n--" + boundary);
        // The first delimiter may do without the line end before it.
        var at = body.StartsWith(LineEnd) ? 0 : -LineEnd.Length;
        if (!body[Math.Max(at, 0)..].StartsWith(delimiter.AsSpan(at < 0 ? LineEnd.Length : 0)))
            return FormErrors.Malformed("it does not begin with its boundary.");
        var parts = new List<FormPart>();
        at += delimiter.Length;
        while (!IsEnd(body[at..]))
        {
            if (parts.Count == MaxParts)
                return FormErrors.Malformed($"it has more than {MaxParts} parts.");
            if (!TrySkipLine(body, ref at))
                return FormErrors.Malformed("something other than a line end stands behind a boundary.");
            var (part, fault) = ReadPart(body, at, delimiter);
            if (part is null)
                return fault!;
            parts.Add(part);
            at = part.Value.End.Value + delimiter.Length;
        }
        return IsEpilogue(body[(at + 2)..]) ? parts : FormErrors.Malformed("something stands behind its end.");
    }

    private static Result<FormPart> ReadPart(ReadOnlySpan<byte> body, int at, ReadOnlySpan<byte> delimiter)
    {
        var rest = body[at..];
        var headLength = rest[..Math.Min(rest.Length, MaxHeadBytes + 4)].IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
            return FormErrors.Malformed($"a part's head has no end within {MaxHeadBytes} bytes.");
        var value = rest[(headLength + 4)..];
        if (value.StartsWith(delimiter[LineEnd.Length..]))
            return FormErrors.Malformed("a part has no empty line behind its head.");
        var length = value.IndexOf(delimiter);
        var start = at + headLength + 4;
        return length < 0 ? FormErrors.Malformed("it ends within a part.") : FormPart.Read(rest[..headLength], at..(start + length), start..(start + length));
    }

    /// <summary>Padding, which nobody should write, then the line's end.</summary>
    private static bool TrySkipLine(ReadOnlySpan<byte> body, ref int at)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\t')
            at++;
        if (!body[at..].StartsWith(LineEnd))
            return false;
        at += LineEnd.Length;
        return true;
    }

    private static bool IsEnd(ReadOnlySpan<byte> behind) => behind.StartsWith("--"u8);

    private static bool IsEpilogue(ReadOnlySpan<byte> behind) => behind.TrimStart(" \t\r\n"u8).IsEmpty;

    private static bool IsBoundary(string? text) =>
        text is { Length: > 0 and <= MaxBoundary } && text[^1] != ' ' && text.All(c => char.IsAsciiLetterOrDigit(c) || "'()+_,-./:=? ".Contains(c, StringComparison.Ordinal));
}
