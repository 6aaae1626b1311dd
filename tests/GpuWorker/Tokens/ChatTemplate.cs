using System.Text;

namespace Platform.GpuWorker.Tokens;

/// <summary>
/// The tokens that a chat template puts around texts, after Llama 3's: one at the start, a header of three and an end
/// for each message, and the header of the answer. Their ids are small numbers, which texts do not have in practice.
/// </summary>
internal sealed class ChatTemplate(Action<int> token)
{
    private const int BeginOfText = 1;
    private const int StartHeader = 2;
    private const int EndHeader = 3;
    private const int EndOfTurn = 4;
    private const int Part = 5;

    /// <summary>What an image or another part that is not text counts.</summary>
    public const int OtherPartTokens = 576;

    public void Begin() => token(BeginOfText);

    public void StartMessage(string role)
    {
        var name = Encoding.UTF8.GetBytes(role).AsSpan();
        token(StartHeader);
        token(Tokenizer.Id(name[..Math.Min(name.Length, Tokenizer.BytesPerToken)]));
        token(EndHeader);
    }

    public void Text(string text) => Tokenizer.Encode(text, token);

    public void OtherPart()
    {
        for (var i = 0; i < OtherPartTokens; i++)
            token(Part);
    }

    public void EndMessage() => token(EndOfTurn);

    public void StartAnswer() => StartMessage("assistant");
}
