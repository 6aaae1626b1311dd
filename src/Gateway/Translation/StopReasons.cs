namespace Platform.Gateway.Translation;

/// <summary>Why a model stopped, in both dialects.</summary>
internal static class StopReasons
{
    /// <param name="finish">As a chat completion has it.</param>
    /// <param name="usedTools">It called tools; some engines say <c>stop</c> all the same where a tool was forced.</param>
    /// <param name="isStopText">The engine told the text at which it stopped.</param>
    public static string ToMessages(string? finish, bool usedTools, bool isStopText) => finish switch
    {
        "length" => "max_tokens",
        "content_filter" => "refusal",
        "tool_calls" or "function_call" => "tool_use",
        _ when usedTools => "tool_use",
        _ when isStopText => "stop_sequence",
        _ => "end_turn",
    };

    /// <param name="reason">As a message has it.</param>
    public static string ToChat(string? reason) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    };
}
