using System.Text.Json.Nodes;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Faults;

/// <summary>A way through the gateway: what a caller posts where, and what the engine behind it writes.</summary>
/// <param name="Callers">The dialect that the caller reads.</param>
internal sealed record FaultDialect(string Name, string Engine, string Path, Reading Callers, byte[] Plain, IReadOnlyList<SseEvent> Events)
{
    public static readonly AnswerSample Sample = AnswerSample.Greeting;

    private static readonly ChatStreamOptions Counted = new() { IncludeUsage = true };

    public static readonly IReadOnlyList<FaultDialect> All =
    [
        new("chat", "openai", "/v1/chat/completions", Reading.Chat, OpenAiWire.Chat(Sample), OpenAiWire.ChatEvents(Sample, Counted)),
        new("completions", "openai", "/v1/completions", Reading.Chat, OpenAiWire.Completion(Sample), OpenAiWire.CompletionEvents(Sample, Counted)),
        new("responses", "openai", "/v1/responses", Reading.Responses, ResponsesWire.Response(Sample), ResponsesWire.ResponseEvents(Sample)),
        new("messages", "anthropic", "/v1/messages", Reading.Messages, AnthropicWire.Message(Sample), AnthropicWire.MessageEvents(Sample)),
        new("chat as messages", "anthropic", "/v1/chat/completions", Reading.Chat, AnthropicWire.Message(Sample), AnthropicWire.MessageEvents(Sample)) { IsTranslated = true },
        new("messages as chat", "openai", "/v1/messages", Reading.Messages, OpenAiWire.Chat(Sample), OpenAiWire.ChatEvents(Sample, Counted)) { IsTranslated = true },
    ];

    public bool IsTranslated { get; init; }

    /// <summary>How many events there are up to the first with text.</summary>
    public int UpToText => Events.TakeWhile(e => !e.Data!.Contains("Gr", StringComparison.Ordinal)).Count() + 1;

    public static FaultDialect Of(string name) => All.Single(d => d.Name == name);

    public string Body(string model, bool streamed)
    {
        var json = new JsonObject { ["model"] = model };
        if (Path.EndsWith("/responses", StringComparison.Ordinal))
            json["input"] = "hello";
        else if (Path == "/v1/completions")
            json["prompt"] = "hello";
        else
            json["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "hello" });
        if (Callers == Reading.Messages)
            json["max_tokens"] = 50;
        if (streamed)
            json["stream"] = true;
        if (streamed && Callers == Reading.Chat)
            json["stream_options"] = new JsonObject { ["include_usage"] = true };
        return json.ToJsonString();
    }

    public override string ToString() => Name;
}

/// <summary>Whose clients read the answer.</summary>
internal enum Reading
{
    /// <summary>Chat completions, and completions.</summary>
    Chat,
    Responses,
    Messages,
}
