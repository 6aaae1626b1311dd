using System.Text;

namespace Platform.GpuWorker.Tokens;

/// <summary>
/// The simulator's answers: readable words that mean nothing. Each is 4 bytes of ASCII with what follows it, hence one
/// token of <see cref="Tokenizer"/>: an answer that comes back in the next prompt has the same tokens again.
/// </summary>
internal static class FillerText
{
    private const int SentenceWords = 9;

    private static readonly Word[] Openers = Words("The One Our Any But For How Now Yes Two");
    private static readonly Word[] Middles = Words(
        "and the for you can not are all has was out get its new one see two way who set use run put add end big old low top red map key day");
    private static readonly Word[] Enders = Words("it. us. me. in. so. up. on. by.");
    private static readonly Word Last = new("end."u8.ToArray());

    /// <summary>The word at an index of the answer with this seed; <paramref name="last"/> for the one that stops it.</summary>
    public static Word At(ulong seed, int index, bool last)
    {
        if (last)
            return Last;
        var words = (index % SentenceWords) switch
        {
            0 => Openers,
            SentenceWords - 1 => Enders,
            _ => Middles,
        };
        return words[Mixer.Mix(seed + (ulong)index) % (ulong)words.Length];
    }

    private static Word[] Words(string text) =>
        [.. text.Split(' ').Select(w => new Word(Encoding.ASCII.GetBytes(w + " ")))];

    /// <summary>A word with the space after it.</summary>
    internal sealed class Word(byte[] bytes)
    {
        public ReadOnlySpan<byte> Utf8 => bytes;

        public int Token { get; } = Tokenizer.Id(bytes);
    }
}
