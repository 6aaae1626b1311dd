using System.Buffers;

namespace Platform.Gateway.Requests;

/// <summary>
/// Files within a JSON body: images, sound and documents in base64. Nobody can tell from their length how many tokens a
/// model makes of them, but it is far from one for four bytes.
/// </summary>
internal static class FileText
{
    /// <summary>A file is taken for a text of so many bytes.</summary>
    private const int Weight = 4096;

    private const int Looked = 2048;

    /// <summary>Also as URLs have it, and with slashes that are escaped.</summary>
    private static readonly SearchValues<byte> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\"u8);

    /// <summary>How much longer the string is than what it is taken for; 0 where it is a text.</summary>
    public static int Excess(ReadOnlySpan<byte> text) =>
        text.Length <= Weight || text[^Looked..].ContainsAnyExcept(Base64) ? 0 : text.Length - Weight;
}
