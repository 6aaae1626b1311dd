using System.Buffers.Binary;
using System.Text;

namespace Platform.GpuWorker.Tokens;

/// <summary>
/// The simulator's tokenizer: every 4 bytes of UTF-8 are one token, the last 1 to 3 bytes one too. Ids are 31-bit hashes
/// of those bytes, the same in every process, so that equal starts of texts give equal starts of token lists.
/// </summary>
internal static class Tokenizer
{
    public const int BytesPerToken = 4;

    private const int PieceBytes = 4096;

    public static void Encode(string text, Action<int> token)
    {
        Span<byte> buffer = stackalloc byte[PieceBytes];
        var encoder = Encoding.UTF8.GetEncoder();
        var rest = text.AsSpan();
        var kept = 0;
        var completed = false;
        while (!completed)
        {
            encoder.Convert(rest, buffer[kept..], flush: true, out var chars, out var bytes, out completed);
            rest = rest[chars..];
            var available = kept + bytes;
            var whole = completed ? available : available / BytesPerToken * BytesPerToken;
            for (var i = 0; i < whole; i += BytesPerToken)
                token(Id(buffer[i..Math.Min(i + BytesPerToken, whole)]));
            buffer[whole..available].CopyTo(buffer);
            kept = available - whole;
        }
    }

    /// <summary>The id of 1 to 4 bytes.</summary>
    public static int Id(ReadOnlySpan<byte> bytes)
    {
        Span<byte> padded = stackalloc byte[BytesPerToken];
        padded.Clear();
        bytes.CopyTo(padded);
        // The length goes in, so that a text's last bytes differ from the same bytes followed by zeros.
        return (int)(Mixer.Mix(BinaryPrimitives.ReadUInt32LittleEndian(padded) | (ulong)bytes.Length << 32) >> 33);
    }
}
