using System.Security.Cryptography;

namespace Platform.Control.Certificates;

/// <summary>A text that is PEM blocks (RFC 7468) and nothing else: what stands between them could be a secret.</summary>
internal static class PemBlocks
{
    /// <summary>The blocks in their order, each as it stands; null where there is anything else, or more than <paramref name="max"/>.</summary>
    public static IReadOnlyList<PemBlock>? Read(string text, int max)
    {
        var blocks = new List<PemBlock>();
        var rest = text.AsSpan();
        while (!rest.IsWhiteSpace())
        {
            if (!PemEncoding.TryFind(rest, out var fields) || blocks.Count == max || !rest[..fields.Location.Start].IsWhiteSpace())
                return null;
            blocks.Add(new(rest[fields.Label].ToString(), rest[fields.Location].ToString(), Convert.FromBase64String(rest[fields.Base64Data].ToString())));
            rest = rest[fields.Location.End..];
        }
        return blocks;
    }
}

/// <param name="Text">With its first and last line.</param>
internal sealed record PemBlock(string Label, string Text, byte[] Bytes);
