using System.Text.Json.Serialization;

namespace Platform.GpuWorker.Api;

/// <summary>The <c>usage</c> member of an answer, as vLLM writes it.</summary>
internal sealed record UsageNumbers(
    [property: JsonPropertyName("prompt_tokens")] int Prompt,
    [property: JsonPropertyName("total_tokens")] int Total,
    [property: JsonPropertyName("completion_tokens")] int Completion,
    [property: JsonPropertyName("prompt_tokens_details")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PromptDetails? Details)
{
    /// <param name="cached">Prompt tokens from the prefix cache; null leaves the details out.</param>
    public static UsageNumbers Of(int prompt, int completion, int? cached) =>
        new(prompt, prompt + completion, completion, cached is { } tokens ? new(tokens) : null);
}

internal sealed record PromptDetails([property: JsonPropertyName("cached_tokens")] int Cached);
