using System.Text.Json;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Translation;

/// <summary>Counts as each dialect has them. Ours is OpenAI's: input holds what the cache gave or took.</summary>
internal static class UsageWriting
{
    public static void MessageUsage(this Utf8JsonWriter json, UsageCount usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", Math.Max(0, usage.Input - usage.CachedInput - usage.CacheWrite));
        json.WriteNumber("cache_creation_input_tokens", usage.CacheWrite);
        json.WriteNumber("cache_read_input_tokens", usage.CachedInput);
        json.WriteNumber("output_tokens", usage.Output);
        json.Reasoning("output_tokens_details", "thinking_tokens", usage);
        json.WriteEndObject();
    }

    public static void ChatUsage(this Utf8JsonWriter json, UsageCount usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.Input);
        json.WriteNumber("completion_tokens", usage.Output);
        json.WriteNumber("total_tokens", usage.Input + usage.Output);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedInput);
        json.WriteNumber("cache_write_tokens", usage.CacheWrite);
        json.WriteEndObject();
        json.Reasoning("completion_tokens_details", "reasoning_tokens", usage);
        json.WriteEndObject();
    }

    private static void Reasoning(this Utf8JsonWriter json, string details, string name, UsageCount usage)
    {
        if (usage.Reasoning == 0)
            return;
        json.WriteStartObject(details);
        json.WriteNumber(name, usage.Reasoning);
        json.WriteEndObject();
    }
}
