using System.Text;
using Platform.GpuWorker.Engine;

namespace Platform.GpuWorker.Tokens;

/// <summary>What a prompt is answered with, decided by the prompt alone.</summary>
/// <param name="Seed">A hash of the prompt.</param>
/// <param name="Tokens">How many tokens.</param>
/// <param name="Stops">Whether the answer ends by itself; false when the limit cuts it.</param>
internal readonly record struct AnswerPlan(ulong Seed, int Tokens, bool Stops)
{
    private const double MedianTokens = 60;
    private const double Sigma = 0.6;

    public string FinishReason => Stops ? "stop" : "length";

    /// <summary>
    /// A log-normal length from the prompt's hash, at least <paramref name="minTokens"/> and cut at
    /// <paramref name="maxTokens"/>; exactly <paramref name="maxTokens"/> with <paramref name="ignoreEos"/>.
    /// </summary>
    public static AnswerPlan For(BlockChain prompt, int minTokens, int maxTokens, bool ignoreEos)
    {
        var seed = prompt.Fingerprint;
        var normal = Math.Sqrt(-2 * Math.Log(Mixer.Unit(seed))) * Math.Cos(2 * Math.PI * Mixer.Unit(~seed));
        var natural = Math.Max(minTokens, (int)Math.Max(1, Math.Round(MedianTokens * Math.Exp(Sigma * normal))));
        return ignoreEos || natural > maxTokens ? new(seed, maxTokens, false) : new(seed, natural, true);
    }

    public FillerText.Word Word(int index) => FillerText.At(Seed, index, Stops && index == Tokens - 1);

    public string Text()
    {
        var text = new StringBuilder(Tokens * Tokenizer.BytesPerToken);
        for (var i = 0; i < Tokens; i++)
            text.Append(Encoding.ASCII.GetString(Word(i).Utf8));
        return text.ToString();
    }
}
