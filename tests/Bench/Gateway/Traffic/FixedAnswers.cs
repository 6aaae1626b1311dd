using System.Text;

namespace Platform.Bench.Gateway.Traffic;

/// <summary>What is asked and answered: the same bytes for every proxy.</summary>
internal static class FixedAnswers
{
    public const string PlainModel = "plain";

    private const int PlainBytes = 700;
    private const int RequestBytes = 600;
    private const string Usage = """{"prompt_tokens":120,"completion_tokens":100,"total_tokens":220}""";

    /// <summary>A chat completion of 0.7 KB with its usage.</summary>
    public static readonly byte[] Plain = Encoding.UTF8.GetBytes(Padded(
        PlainBytes,
        """{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":" """.TrimEnd(),
        $$"""{{Quote}}},"finish_reason":"stop"}],"usage":{{Usage}}}"""));

    /// <summary>The text before and after an event's stamp.</summary>
    public static readonly (byte[] Before, byte[] After) Event = Around("null");

    /// <summary>The same from an engine that counts in every event.</summary>
    public static readonly (byte[] Before, byte[] After) CountedEvent = Around("""{"prompt_tokens":120,"total_tokens":148,"completion_tokens":28}""");

    /// <summary>The last words of a stream whose caller wants its usage.</summary>
    public static readonly byte[] End = Encoding.UTF8.GetBytes(
        $$"""data: {{{Chunk}}"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""" + "\n\n"
        + $$"""data: {{{Chunk}}"choices":[],"usage":{{Usage}}}""" + "\n\ndata: [DONE]\n\n");

    private const string Quote = "\"";
    private const string Chunk = "\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",";

    /// <summary>The model that answers with so many events at such a pace.</summary>
    public static string StreamModel(int events, int perSecond) => $"stream-{events}-{perSecond}";

    /// <summary>A whole request of 0.6 KB with what a proxy needs besides.</summary>
    public static string Request(int port, string model, bool streamed, IReadOnlyList<string> headers)
    {
        var options = streamed ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}" : "";
        var body = Padded(RequestBytes, $$"""{"model":"{{model}}","messages":[{"role":"user","content":" """.TrimEnd(), $$"""{{Quote}}}]{{options}}}""");
        var more = string.Concat(headers.Select(h => h + "\r\n"));
        return $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\nUser-Agent: bench\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n{more}\r\n{body}";
    }

    private static string Padded(int length, string before, string after) =>
        before + new string('x', Math.Max(1, length - before.Length - after.Length)) + after;

    private static (byte[] Before, byte[] After) Around(string usage) => (
        Encoding.UTF8.GetBytes($$"""data: {{{Chunk}}"choices":[{"index":0,"delta":{"content":" """.TrimEnd()),
        Encoding.UTF8.GetBytes($$"""{{Quote}}},"finish_reason":null}],"usage":{{usage}}}""" + "\n\n"));
}
