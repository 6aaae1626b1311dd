using System.Collections.Frozen;
using System.Text;
using Microsoft.Net.Http.Headers;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>One part of a form. Ranges are of byte offsets in the body.</summary>
/// <param name="IsFile">It has a file's name.</param>
/// <param name="Whole">Head and value.</param>
internal sealed record FormPart(string Name, bool IsFile, Range Whole, Range Value)
{
    private const int MaxHeaders = 16;

    /// <summary>Of a Content-Disposition. Others, as the continuations of RFC 2231, are read as a name by some.</summary>
    private static readonly FrozenSet<string> Parameters = new[] { "name", "filename", "filename*" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads a part's head (RFC 7578, 4.2). What two readers might read in two ways is refused: names that stand twice, other
    /// charsets, encodings, folded lines, parts of parts.
    /// </summary>
    /// <param name="head">Its lines, without the empty one.</param>
    public static Result<FormPart> Read(ReadOnlySpan<byte> head, Range whole, Range value)
    {
        string? name = null;
        var (isFile, count) = (false, 0);
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = Encoding.UTF8.GetString(head[range]);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (++count > MaxHeaders || colon < 1 || line[0] is ' ' or '\t' || line.AsSpan().ContainsAny('\r', '\n', '\0'))
                return FormErrors.Malformed("a part has a header that is not well-formed, or too many of them.");
            var text = line[(colon + 1)..].Trim();
            var fault = line[..colon].ToLowerInvariant() switch
            {
                "content-disposition" when name is not null => "a part has more than one Content-Disposition.",
                "content-disposition" => ReadDisposition(text, out name, out isFile),
                "content-type" => TypeFault(text),
                "content-transfer-encoding" when text.ToLowerInvariant() is not ("7bit" or "8bit" or "binary") => "a part has a Content-Transfer-Encoding.",
                _ => null,
            };
            if (fault is not null)
                return FormErrors.Malformed(fault);
        }
        return name is null ? FormErrors.Malformed("a part has no Content-Disposition with a name.") : new FormPart(name, isFile, whole, value);
    }

    private static string? ReadDisposition(string text, out string? name, out bool isFile)
    {
        (name, isFile) = (null, false);
        // Readers differ in where a quoted text with an escape ends, and so in what the next parameter is.
        if (text.Contains('\\', StringComparison.Ordinal))
            return "a part's Content-Disposition has an escape.";
        if (!ContentDispositionHeaderValue.TryParse(text, out var disposition) || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            return "a part's Content-Disposition is not well-formed form-data.";
        if (disposition.Parameters.Any(p => !Parameters.Contains(p.Name.ToString())) || disposition.Parameters.DistinctBy(p => p.Name.ToString(), StringComparer.OrdinalIgnoreCase).Count() < disposition.Parameters.Count)
            return "a part's Content-Disposition has something twice, or besides a name and a filename.";
        name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
        return name.Length == 0 ? "a part's name is empty." : null;
    }

    private static string? TypeFault(string text)
    {
        if (!MediaTypeHeaderValue.TryParse(text, out var type))
            return "a part's Content-Type is not well-formed.";
        if (type.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase))
            return "a part has parts of its own.";
        var charset = type.Type.Equals("text", StringComparison.OrdinalIgnoreCase) ? HeaderUtilities.RemoveQuotes(type.Charset).ToString() : "";
        return charset.ToLowerInvariant() is "" or "utf-8" or "us-ascii" ? null : "a part's charset is not UTF-8.";
    }
}
