using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>
/// The bound of an answer, and how much of it may be thought: Anthropic's <c>budget_tokens</c> lie within
/// <c>max_tokens</c>, as OpenAI's reasoning tokens lie within <c>max_completion_tokens</c>.
/// </summary>
internal static class ChatThinking
{
    /// <summary>Anthropic's least.</summary>
    private const long MinBudget = 1024;

    public static void Write(Members root, Utf8JsonWriter json, Findings findings)
    {
        var asked = root[ChatFields.MaxCompletionTokens].IsMissing ? root[ChatFields.MaxTokens] : root[ChatFields.MaxCompletionTokens];
        if (!asked.IsMissing && asked.Integer is not >= 1)
            findings.Refuse(ApiErrors.InvalidValue(root[ChatFields.MaxCompletionTokens].IsMissing ? ChatFields.MaxTokens.Path : ChatFields.MaxCompletionTokens.Path, "it is no whole number above 0"));
        if (!root[ChatFields.MaxCompletionTokens].IsMissing && !root[ChatFields.MaxTokens].IsMissing)
            findings.Drop(ChatFields.MaxTokens.Path);
        var budget = BudgetOf(root[ChatFields.ReasoningEffort], findings);
        var most = asked.Integer ?? (ChatToMessages.DefaultMaxTokens + budget);
        budget = Math.Min(budget, most / 2);
        json.WriteNumber("max_tokens", most);
        if (budget == 0)
            return;
        if (budget < MinBudget || !MayThink(root))
        {
            findings.Drop(ChatFields.ReasoningEffort.Path);
            return;
        }
        json.WriteStartObject("thinking");
        json.WriteString("type", "enabled");
        json.WriteNumber("budget_tokens", budget);
        json.WriteEndObject();
    }

    private static long BudgetOf(JsonValue effort, Findings findings)
    {
        if (effort.IsMissing || effort.Is("none"u8))
            return 0;
        if (effort.Is("minimal"u8) || effort.Is("low"u8))
            return 2048;
        if (effort.Is("medium"u8))
            return 8192;
        if (effort.Is("high"u8))
            return 16384;
        if (effort.Is("xhigh"u8))
            return 32768;
        findings.Drop(ChatFields.ReasoningEffort.Path);
        return 0;
    }

    /// <summary>Anthropic thinks under its own sampling, by its own choice of tool, and goes on after a tool's result only with the thoughts before it.</summary>
    private static bool MayThink(Members root)
    {
        var last = default(JsonValue);
        foreach (var message in root[ChatFields.Messages].Items)
            last = message;
        var choice = root[ChatFields.ToolChoice];
        return (root[ChatFields.Temperature].Number ?? 1) == 1 && root[ChatFields.TopP].IsMissing && root[ChatFields.TopK].IsMissing
            && !choice.IsObject && !choice.Is("required"u8) && !last.Member("role"u8).Is("tool"u8);
    }
}
