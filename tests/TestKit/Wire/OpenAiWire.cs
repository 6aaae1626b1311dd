using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Platform.TestKit.Wire;

/// <summary>OpenAI's answers to chat, text completions, embeddings, moderations and models (openai-openapi 2.3.0).</summary>
public static partial class OpenAiWire
{
    private static readonly string[] Categories =
    [
        "hate", "hate/threatening", "harassment", "harassment/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/intent",
        "self-harm/instructions", "sexual", "sexual/minors", "violence", "violence/graphic",
    ];

    /// <summary>Schema <c>CreateChatCompletionResponse</c>.</summary>
    public static byte[] Chat(AnswerSample sample) => WireJson.Bytes(new()
    {
        ["id"] = "chatcmpl-" + sample.Id,
        ["object"] = "chat.completion",
        ["created"] = sample.Created,
        ["model"] = sample.Model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = Message(sample),
            ["logprobs"] = null,
            ["finish_reason"] = sample.FinishReason,
        }),
        ["usage"] = Usage(sample.Usage),
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_44709d6fcb",
    });

    /// <summary>Schema <c>CreateCompletionResponse</c>.</summary>
    public static byte[] Completion(AnswerSample sample) => WireJson.Bytes(new()
    {
        ["id"] = "cmpl-" + sample.Id,
        ["object"] = "text_completion",
        ["created"] = sample.Created,
        ["model"] = sample.Model,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["text"] = sample.WholeText,
            ["index"] = 0,
            ["logprobs"] = null,
            ["finish_reason"] = sample.FinishReason,
        }),
        ["usage"] = Usage(sample.Usage),
    });

    /// <summary>Schema <c>CreateEmbeddingResponse</c>, or <c>encoding_format: base64</c> (little-endian floats), which no schema describes.</summary>
    public static byte[] Embeddings(int count, int dimensions, int tokens, bool base64 = false, string model = "sample-embedding") => WireJson.Bytes(new()
    {
        ["object"] = "list",
        ["data"] = WireJson.Array(Enumerable.Range(0, count).Select(i => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = i,
            ["embedding"] = base64 ? Base64(Vector(i, dimensions)) : WireJson.Array(Vector(i, dimensions).Select(f => (JsonNode)f)),
        })),
        ["model"] = model,
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
    });

    /// <summary>The vector of the sample embedding at this index: eighths, which a float holds exactly.</summary>
    public static float[] Vector(int index, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(d => ((index + 1) * (d + 1) % 17 - 8) / 8f)];

    /// <summary>Schema <c>CreateModerationResponse</c>; the flagged categories have a score of 0.9.</summary>
    public static byte[] Moderation(params string[] flagged) => WireJson.Bytes(new()
    {
        ["id"] = "modr-0d9740456c391e43c445bf0f010940c7",
        ["model"] = "omni-moderation-latest",
        ["results"] = new JsonArray(new JsonObject
        {
            ["flagged"] = flagged.Length > 0,
            ["categories"] = ByCategory(c => flagged.Contains(c)),
            ["category_scores"] = ByCategory(c => flagged.Contains(c) ? 0.9 : 0.0001),
            ["category_applied_input_types"] = ByCategory(_ => new JsonArray("text")),
        }),
    });

    /// <summary>Schema <c>ListModelsResponse</c>.</summary>
    public static byte[] Models(params string[] names) => WireJson.Bytes(new()
    {
        ["object"] = "list",
        ["data"] = WireJson.Array(names.Select(n => new JsonObject
        {
            ["id"] = n,
            ["object"] = "model",
            ["created"] = 1764000000,
            ["owned_by"] = "system",
            ["shutdown_date"] = null,
        })),
    });

    /// <summary>Schema <c>CompletionUsage</c>, every detail written.</summary>
    internal static JsonObject Usage(WireUsage usage) => new()
    {
        ["prompt_tokens"] = usage.Input,
        ["completion_tokens"] = usage.Output,
        ["total_tokens"] = usage.Total,
        ["prompt_tokens_details"] = new JsonObject
        {
            ["cached_tokens"] = usage.CachedInput,
            ["cache_write_tokens"] = usage.CacheWrite,
            ["audio_tokens"] = usage.AudioInput,
        },
        ["completion_tokens_details"] = new JsonObject
        {
            ["reasoning_tokens"] = usage.Reasoning,
            ["audio_tokens"] = usage.AudioOutput,
            ["accepted_prediction_tokens"] = 0,
            ["rejected_prediction_tokens"] = 0,
        },
    };

    private static JsonObject Message(AnswerSample sample)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = sample.Text.Count > 0 ? sample.WholeText : null,
        };
        // The name that DeepSeek and vLLM gave it; OpenAI shows no reasoning here.
        if (sample.Reasoning.Count > 0)
            message["reasoning_content"] = sample.WholeReasoning;
        if (sample.Tools.Count > 0)
        {
            message["tool_calls"] = WireJson.Array(sample.Tools.Select(t => new JsonObject
            {
                ["id"] = t.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = t.Name, ["arguments"] = t.Arguments },
            }));
        }
        message["refusal"] = null;
        message["annotations"] = new JsonArray();
        return message;
    }

    private static JsonObject ByCategory(Func<string, JsonNode> value) => new(Categories.Select(c => KeyValuePair.Create(c, (JsonNode?)value(c))));

    private static string Base64(float[] vector)
    {
        var bytes = new byte[vector.Length * 4];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), vector[i]);
        return Convert.ToBase64String(bytes);
    }

    private static string Digits(int number) => number.ToString("D4", CultureInfo.InvariantCulture);
}
