using System.Text;
using Anthropic;
using Anthropic.Models.Messages;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.Gateway.Tests.Clients;

/// <summary>What Anthropic's own .NET client is answered by an engine, in whichever dialect that engine speaks.</summary>
internal static class AnthropicWorld
{
    public const string Served = "sample-model";

    public static MessageCreateParams Hi => new() { MaxTokens = 64, Model = Served, Messages = [new UserMessageParam("Hi")] };

    public static AnthropicClient Client(ClientWorld world, int retries = 0) => new()
    {
        BaseUrl = world.Url.ToString().TrimEnd('/'),
        ApiKey = world.Key,
        MaxRetries = retries,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public static Script Plain(string engine, AnswerSample sample) => Script.Json(engine == "anthropic" ? AnthropicWire.Message(sample) : OpenAiWire.Chat(sample));

    public static IReadOnlyList<SseEvent> Events(string engine, AnswerSample sample) => engine == "anthropic"
        ? AnthropicWire.MessageEvents(sample)
        : OpenAiWire.ChatEvents(sample, new() { IncludeUsage = true, ContinuousUsage = engine == "vllm" });

    /// <summary>All that the client makes of a stream.</summary>
    public static async Task<MessageRead> ReadAsync(AnthropicClient client, MessageCreateParams asked, CancellationToken ct)
    {
        var read = new MessageRead();
        await foreach (var one in client.Messages.CreateStreaming(asked, ct))
            read.Add(one);
        return read;
    }
}

/// <summary>A message, put together from its events.</summary>
internal sealed class MessageRead
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thoughts = new();
    private readonly List<StringBuilder> _arguments = [];

    public string Text => _text.ToString();

    public string Thoughts => _thoughts.ToString();

    public IEnumerable<string> Arguments => _arguments.Select(a => a.ToString());

    public List<string> Tools { get; } = [];

    public string? StopReason { get; private set; }

    public long OutputTokens { get; private set; }

    public bool HasStopped { get; private set; }

    public void Add(RawMessageStreamEvent one)
    {
        if (one.TryPickContentBlockStart(out var begun) && begun.ContentBlock.TryPickToolUse(out var tool))
        {
            Tools.Add(tool.Name);
            _arguments.Add(new());
        }
        else if (one.TryPickContentBlockDelta(out var delta))
        {
            Add(delta.Delta);
        }
        else if (one.TryPickDelta(out var last))
        {
            (StopReason, OutputTokens) = (last.Delta.StopReason?.Raw(), last.Usage.OutputTokens);
        }
        else if (one.TryPickStop(out _))
        {
            HasStopped = true;
        }
    }

    private void Add(RawContentBlockDelta delta)
    {
        if (delta.TryPickText(out var text))
            _text.Append(text.Text);
        else if (delta.TryPickThinking(out var thinking))
            _thoughts.Append(thinking.Thinking);
        else if (delta.TryPickInputJson(out var json))
            _arguments[^1].Append(json.PartialJson);
    }
}
