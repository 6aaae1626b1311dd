using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Platform.GpuWorker.Api;

/// <summary>
/// The events of one stream as bytes. What is the same in all of them is written once, so that a token costs a copy:
/// workers share their cores with what they test.
/// </summary>
/// <param name="continuousUsage">Whether every chunk carries the usage so far.</param>
internal sealed class StreamFrames(GenerationKind kind, string id, string model, long created, int promptTokens, bool continuousUsage)
{
    private readonly byte[] _start = Encoding.UTF8.GetBytes(
        $"data: {{\"id\":{Json(id)},\"object\":\"{(kind == GenerationKind.Chat ? "chat.completion.chunk" : "text_completion")}\","
        + $"\"created\":{created},\"model\":{Json(model)},\"choices\":[");

    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>Whether the stream begins with a chunk that names the role.</summary>
    public bool HasRole => kind == GenerationKind.Chat;

    public void Role(IBufferWriter<byte> output) =>
        Chunk(output, "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}"u8, 0);

    /// <param name="word">ASCII without anything that JSON escapes.</param>
    /// <param name="produced">Tokens of the answer so far, this one included.</param>
    public void Token(IBufferWriter<byte> output, ReadOnlySpan<byte> word, int produced)
    {
        output.Write(_start);
        output.Write(kind == GenerationKind.Chat ? "{\"index\":0,\"delta\":{\"content\":\""u8 : "{\"index\":0,\"text\":\""u8);
        output.Write(word);
        output.Write(kind == GenerationKind.Chat
            ? "\"},\"logprobs\":null,\"finish_reason\":null}"u8
            : "\",\"logprobs\":null,\"finish_reason\":null}"u8);
        End(output, produced);
    }

    public void Finish(IBufferWriter<byte> output, string reason, int produced)
    {
        var choice = kind == GenerationKind.Chat
            ? $"{{\"index\":0,\"delta\":{{}},\"logprobs\":null,\"finish_reason\":\"{reason}\"}}"
            : $"{{\"index\":0,\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"{reason}\"}}";
        Chunk(output, Encoding.UTF8.GetBytes(choice), produced);
    }

    /// <summary>The chunk without choices that ends a stream for which usage was asked.</summary>
    public void Usage(IBufferWriter<byte> output, UsageNumbers usage)
    {
        output.Write(_start);
        output.Write("],\"usage\":"u8);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(usage));
        output.Write("}\n\n"u8);
    }

    private void Chunk(IBufferWriter<byte> output, ReadOnlySpan<byte> choice, int produced)
    {
        output.Write(_start);
        output.Write(choice);
        End(output, produced);
    }

    private void End(IBufferWriter<byte> output, int produced)
    {
        if (continuousUsage)
        {
            output.Write("],\"usage\":"u8);
            output.Write(JsonSerializer.SerializeToUtf8Bytes(UsageNumbers.Of(promptTokens, produced, null)));
            output.Write("}\n\n"u8);
        }
        else
        {
            output.Write("]}\n\n"u8);
        }
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
