using Platform.Gateway.Answers;
using Platform.Gateway.Dialects.Anthropic;
using Platform.Gateway.Dialects.Media;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Dialects.Responses;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.Translation;
using Platform.Gateway.Translation;
using Platform.TestKit.Wire;
using SseEvent = Platform.TestKit.Streams.SseEvent;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>A stream as an engine writes it, and a way of passing it on.</summary>
internal sealed record StreamSample(string Name, Func<AnswerMeter, EventPolicy> Policy, IReadOnlyList<SseEvent> Events)
{
    public override string ToString() => Name;
}

/// <summary>Streams for each way of passing them on.</summary>
internal static class StreamSamples
{
    /// <summary>Of all; who looks at it runs alone.</summary>
    public static readonly BufferBudget Budget = new(new());

    private static readonly AnswerSample Whole = AnswerSample.Thinking with { Text = AnswerSample.Greeting.Text, Tools = AnswerSample.ToolCalls.Tools };
    private static readonly ChatStreamOptions Counted = new() { IncludeUsage = true };
    private static readonly ChatStreamOptions Continuous = new() { IncludeUsage = true, ContinuousUsage = true, Obfuscation = true };
    private static readonly AnswerContext ToldCount = Translating.Context with { IncludeUsage = true };
    private static readonly WireUsage Usage = new(14, 45) { AudioInput = 10 };

    public static readonly IReadOnlyList<StreamSample> All =
    [
        new("chat, counted for its caller", m => new ChatEvents(new(IncludeUsage: true, AddedContinuousUsage: false), m), OpenAiWire.ChatEvents(Whole, Counted)),
        new("chat, counted for us", m => new ChatEvents(new(IncludeUsage: false, AddedContinuousUsage: true), m), OpenAiWire.ChatEvents(Whole, Continuous)),
        new("chat, counted for both", m => new ChatEvents(new(IncludeUsage: true, AddedContinuousUsage: true), m), OpenAiWire.ChatEvents(Whole, Continuous)),
        new("chat, an error", m => new ChatEvents(new(true, false), m), [.. OpenAiWire.ChatEvents(Whole).Take(4), OpenAiWire.ErrorEvent(OpenAiErrors.Overloaded)]),
        new("completion", m => new ChatEvents(new(IncludeUsage: false, AddedContinuousUsage: false), m), OpenAiWire.CompletionEvents(AnswerSample.Greeting, Counted)),
        new("chat, with chunks that say nothing", m => new ChatEvents(new(IncludeUsage: true, AddedContinuousUsage: false), m), [SseEvent.OfData("{}"), SseEvent.OfData("{ \"usage\" : null }"), .. OpenAiWire.ChatEvents(Whole)]),
        new("message", m => new MessagesEvents(m), Padded(AnthropicWire.MessageEvents(Whole))),
        new("message, an error", m => new MessagesEvents(m), [.. AnthropicWire.MessageEvents(Whole).Take(5), AnthropicErrors.ToEvent(AnthropicErrors.Overloaded)]),
        new("response", m => new ResponsesEvents(m), ResponsesWire.ResponseEvents(Whole)),
        new("response, failed", m => new ResponsesEvents(m), ResponsesWire.FailedEvents(AnswerSample.Greeting)),
        new("images", m => new MediaEvents(m, Budget), MediaWire.ImageEvents(2, Usage)),
        new("what was heard", m => new MediaEvents(m, Budget), MediaWire.TranscriptionEvents(["café ", "🗼"], Usage)),
        new("sound", m => new MediaEvents(m, Budget), MediaWire.SpeechEvents([[1, 2, 3], [4, 5]], Usage)),
        new("chat from a message", m => new ChatEventsFromMessages(ToldCount, m), Padded(AnthropicWire.MessageEvents(Whole))),
        new("chat from a message, an error", m => new ChatEventsFromMessages(ToldCount, m), [.. AnthropicWire.MessageEvents(Whole).Take(5), AnthropicErrors.ToEvent(AnthropicErrors.Overloaded)]),
        new("message from a chat", m => new MessageEventsFromChat(Translating.Context, m), OpenAiWire.ChatEvents(Whole, Continuous)),
        new("message from a chat, without an end", m => new MessageEventsFromChat(Translating.Context, m), OpenAiWire.ChatEvents(Whole, Counted with { Done = false })),
    ];

    private static IReadOnlyList<SseEvent> Padded(IReadOnlyList<SseEvent> events) => [.. events.Select((e, i) => AnthropicWire.Padded(e, i % 5))];
}
