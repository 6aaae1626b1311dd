using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>What an engine answers to the scenarios of the npm clients, in its own dialect.</summary>
internal static class NpmScripts
{
    public static readonly AnswerSample Sample = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text };

    private static readonly AnswerSample Structured = AnswerSample.Greeting with { Text = ["{\"city\":", "\"München\"}"] };

    public static ScriptTable OpenAi(bool continuous)
    {
        // What an engine sends follows from what the gateway asks of it.
        var options = new ChatStreamOptions { IncludeUsage = true, ContinuousUsage = continuous };
        var events = OpenAiWire.ChatEvents(Sample, options);
        return new ScriptTable()
            .Model("slow", Script.Stream().Write(events[0]).Write(events[4]).StallForever())
            .Model("shaky", Script.Error(OpenAiErrors.RateLimited, RetryAfter.Milliseconds(20)), Script.Error(OpenAiErrors.Overloaded, RetryAfter.Milliseconds(20)), Script.Json(OpenAiWire.Chat(Sample)))
            .Path("/tokenize", Script.Json(VllmWire.Tokenize(1, 2, 3)))
            .Path("/v1/embeddings", Script.Json(OpenAiWire.Embeddings(2, 4, 9, base64: true)))
            .When(r => r.Path == "/v1/responses" && ClientWorld.Has(r, "stream"), Script.Events(ResponsesWire.ResponseEvents(Sample)))
            .Path("/v1/responses", Script.Json(ResponsesWire.Response(Sample)))
            .When(r => ClientWorld.Has(r, "tools"), Script.Events(OpenAiWire.ChatEvents(AnswerSample.ToolCalls, options)))
            .When(r => ClientWorld.Has(r, "response_format"), Script.Json(OpenAiWire.Chat(Structured)))
            .When(r => ClientWorld.Has(r, "stream"), Script.Events(events))
            .Otherwise(Script.Json(OpenAiWire.Chat(Sample)));
    }

    public static ScriptTable Anthropic() => new ScriptTable()
        .Model("slow", Script.Events(AnthropicWire.MessageEvents(AnswerSample.Greeting).Take(4)).StallForever())
        .Model("shaky", Script.Error(AnthropicErrors.Overloaded, RetryAfter.Milliseconds(20)), Malformed.NothingThenReset, Script.Json(AnthropicWire.Message(Sample)))
        .Path("/v1/messages/count_tokens", Script.Json(AnthropicWire.TokenCount(2095)))
        .When(r => ClientWorld.Has(r, "tools"), Script.Events(AnthropicWire.MessageEvents(AnswerSample.ToolCalls)))
        .When(r => ClientWorld.Has(r, "output_config"), Script.Json(AnthropicWire.Message(Structured)))
        .When(r => ClientWorld.Has(r, "stream"), Script.Events(AnthropicWire.MessageEvents(Sample).Select((e, i) => AnthropicWire.Padded(e, i % 5))))
        .Otherwise(Script.Json(AnthropicWire.Message(Sample)));
}
