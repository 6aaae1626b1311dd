namespace Platform.Gateway.Chat;

/// <summary>What we need of a chat completion's body; the body itself stays bytes. Ranges are byte offsets in it.</summary>
/// <param name="Model">As the caller sent it.</param>
/// <param name="ModelValue">The model's JSON string, quotes included.</param>
/// <param name="StreamOptionsValue">The value of <c>stream_options</c>; null without one.</param>
/// <param name="OtherStreamOptions">Members of <c>stream_options</c> that we do not read, name and value.</param>
/// <param name="MessagesBytes">Length of the messages, from which the prompt is estimated where an engine does not say.</param>
/// <param name="End">The object's closing brace.</param>
internal sealed record ChatRequest(
    string Model,
    Range ModelValue,
    bool Streamed,
    bool IncludeUsage,
    bool ContinuousUsage,
    Range? StreamOptionsValue,
    IReadOnlyList<Range> OtherStreamOptions,
    int MessagesBytes,
    int End);
