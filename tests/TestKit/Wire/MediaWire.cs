using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.TestKit.Wire;

/// <summary>OpenAI's answers about images and sound (openai-openapi 2.3.0).</summary>
public static class MediaWire
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// <summary>Schema <c>ImagesResponse</c>: images of one pixel in base64, or addresses where <paramref name="usage"/> is null, as older models answer.</summary>
    public static byte[] Images(int count, WireUsage? usage)
    {
        var json = new JsonObject
        {
            ["created"] = 1764000000,
            ["data"] = WireJson.Array(Enumerable.Range(0, count).Select(i => usage is null
                ? new JsonObject { ["revised_prompt"] = "A lighthouse.", ["url"] = $"https://images.example/{i}.png" }
                : new JsonObject { ["b64_json"] = Pixel })),
        };
        if (usage is not null)
        {
            json["background"] = "opaque";
            json["output_format"] = "png";
            json["size"] = "1024x1024";
            json["quality"] = "low";
            json["usage"] = ImageUsage(usage);
        }
        return WireJson.Bytes(json);
    }

    /// <summary>Schema <c>ImageGenStreamEvent</c>: pictures on the way, then the whole one with its usage.</summary>
    public static IReadOnlyList<SseEvent> ImageEvents(int partial, WireUsage usage)
    {
        var events = new List<SseEvent>();
        for (var i = 0; i < partial; i++)
        {
            var json = ImageEvent("image_generation.partial_image");
            json["partial_image_index"] = i;
            events.Add(WireJson.Named(json));
        }
        var last = ImageEvent("image_generation.completed");
        last["usage"] = ImageUsage(usage);
        events.Add(WireJson.Named(last));
        return events;
    }

    /// <summary>Schema <c>CreateTranscriptionResponseJson</c> with usage in tokens (gpt-4o-transcribe).</summary>
    public static byte[] Transcription(string text, WireUsage usage) => WireJson.Bytes(new() { ["text"] = text, ["usage"] = TokenUsage(usage) });

    /// <summary>The same schema with usage in seconds (whisper-1).</summary>
    public static byte[] Transcription(string text, double seconds) => WireJson.Bytes(new() { ["text"] = text, ["usage"] = DurationUsage(seconds) });

    /// <summary>Schema <c>CreateTranscriptionResponseVerboseJson</c>.</summary>
    public static byte[] VerboseTranscription(string text, double seconds) => WireJson.Bytes(new()
    {
        ["task"] = "transcribe",
        ["language"] = "english",
        ["duration"] = seconds,
        ["text"] = text,
        ["segments"] = new JsonArray(new JsonObject
        {
            ["id"] = 0,
            ["seek"] = 0,
            ["start"] = 0.0,
            ["end"] = seconds,
            ["text"] = " " + text,
            ["tokens"] = new JsonArray(50364, 440, 7534, 50464),
            ["temperature"] = 0.0,
            ["avg_logprob"] = -0.2860786020755768,
            ["compression_ratio"] = 1.2363636493682861,
            ["no_speech_prob"] = 0.00985979475080967,
        }),
        ["usage"] = DurationUsage(seconds),
    });

    /// <summary>Schema <c>CreateTranscriptionResponseStreamEvent</c>.</summary>
    public static IReadOnlyList<SseEvent> TranscriptionEvents(IReadOnlyList<string> pieces, WireUsage usage) =>
    [
        .. pieces.Select(p => WireJson.Data(new() { ["type"] = "transcript.text.delta", ["delta"] = p })),
        WireJson.Data(new() { ["type"] = "transcript.text.done", ["text"] = string.Concat(pieces), ["usage"] = TokenUsage(usage) }),
    ];

    /// <summary>The body of <c>POST /v1/audio/speech</c> (<c>audio/mpeg</c>): a frame's sync word, then noise; every byte value occurs in 4 KiB.</summary>
    public static byte[] Speech(int bytes, int seed = 1)
    {
        var audio = new byte[bytes];
        new Random(seed).NextBytes(audio);
        new byte[] { 0xFF, 0xFB, 0x90, 0x64 }.AsSpan(0, Math.Min(4, bytes)).CopyTo(audio);
        return audio;
    }

    /// <summary>Schema <c>CreateSpeechResponseStreamEvent</c> (<c>stream_format: sse</c>).</summary>
    public static IReadOnlyList<SseEvent> SpeechEvents(IReadOnlyList<byte[]> pieces, WireUsage usage) =>
    [
        .. pieces.Select(p => WireJson.Data(new() { ["type"] = "speech.audio.delta", ["audio"] = Convert.ToBase64String(p) })),
        WireJson.Data(new()
        {
            ["type"] = "speech.audio.done",
            ["usage"] = new JsonObject { ["input_tokens"] = usage.Input, ["output_tokens"] = usage.Output, ["total_tokens"] = usage.Total },
        }),
    ];

    private static JsonObject ImageEvent(string type) => new()
    {
        ["type"] = type,
        ["b64_json"] = Pixel,
        ["created_at"] = 1764000000,
        ["size"] = "1024x1024",
        ["quality"] = "low",
        ["background"] = "opaque",
        ["output_format"] = "png",
    };

    private static JsonObject ImageUsage(WireUsage usage) => new()
    {
        ["total_tokens"] = usage.Total,
        ["input_tokens"] = usage.Input,
        ["output_tokens"] = usage.Output,
        ["input_tokens_details"] = new JsonObject { ["text_tokens"] = usage.Input, ["image_tokens"] = 0 },
    };

    private static JsonObject TokenUsage(WireUsage usage) => new()
    {
        ["type"] = "tokens",
        ["input_tokens"] = usage.Input,
        ["input_token_details"] = new JsonObject { ["text_tokens"] = usage.Input - usage.AudioInput, ["audio_tokens"] = usage.AudioInput },
        ["output_tokens"] = usage.Output,
        ["total_tokens"] = usage.Total,
    };

    private static JsonObject DurationUsage(double seconds) => new() { ["type"] = "duration", ["seconds"] = seconds };
}
