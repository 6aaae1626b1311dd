using System.Text;

namespace Platform.Gateway.Translation;

/// <summary>One side of a translation: a request or an answer of one dialect, and all fields of it that are known.</summary>
/// <param name="Name">For its part of the documentation.</param>
internal sealed record TranslationPart(string Name, IReadOnlyList<Scope> Scopes);

/// <summary>
/// Every field of both dialects with its one fate. The translators read by it; the documentation is made from it; a test
/// walks it.
/// </summary>
internal static class TranslationTable
{
    public static readonly TranslationPart ChatRequest = new("Chat completion's request to a message's",
    [
        ChatFields.Root, ChatFields.StreamOption, ChatFields.Format, ChatFields.Schema, ChatFields.Tool, ChatFields.Function, ChatFields.Choice,
        ChatFields.ChosenFunction, ChatMessageFields.Message, ChatMessageFields.Call, ChatMessageFields.CalledFunction, ChatMessageFields.TextPart,
        ChatMessageFields.RefusalPart, ChatMessageFields.ImagePart, ChatMessageFields.Image, ChatMessageFields.FilePart, ChatMessageFields.File,
        ChatMessageFields.AudioPart,
    ]);

    public static readonly TranslationPart MessagesRequest = new("Message's request to a chat completion's",
    [
        MessagesFields.Root, MessagesFields.SystemText, MessagesFields.Meta, MessagesFields.Thought, MessagesFields.Output, MessagesFields.Format,
        MessagesFields.Tool, MessagesFields.Choice, BlockFields.Message, BlockFields.TextBlock, BlockFields.ImageBlock, BlockFields.DocumentBlock,
        BlockFields.Source, BlockFields.ToolUse, BlockFields.ToolResult, BlockFields.ThinkingBlock, BlockFields.RedactedBlock,
    ]);

    public static readonly TranslationPart ChatAnswer = new("Chat completion to a message",
    [
        ChatAnswerFields.Root, ChatAnswerFields.Choice, ChatAnswerFields.Said, ChatAnswerFields.Call, ChatAnswerFields.Function, ChatAnswerFields.Count,
    ]);

    public static readonly TranslationPart MessageAnswer = new("Message to a chat completion",
    [
        MessageAnswerFields.Root, MessageAnswerFields.Count, MessageAnswerFields.TextBlock, MessageAnswerFields.ThinkingBlock,
        MessageAnswerFields.RedactedBlock, MessageAnswerFields.ToolUse,
    ]);

    public static readonly IReadOnlyList<TranslationPart> All = [ChatRequest, MessagesRequest, ChatAnswer, MessageAnswer];

    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var part in All)
        {
            text.Append("### ").Append(part.Name).Append("\n\n| field | fate | where, or why not |\n|---|---|---|\n");
            foreach (var field in part.Scopes.SelectMany(s => s.Fields.OrderBy(f => f.Name, StringComparer.Ordinal)))
                text.Append("| `").Append(field.Path).Append("` | ").Append(field.Fate.ToString().ToLowerInvariant()).Append(" | ").Append(field.To).Append(" |\n");
            text.Append('\n');
        }
        return text.ToString();
    }
}
