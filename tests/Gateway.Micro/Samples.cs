using System.Text;

namespace Platform.Gateway.Micro;

/// <summary>What the suite asks and answers: a request of 0.6 KB, an answer of 0.7 KB, an event of 0.2 KB.</summary>
internal static class Samples
{
    public const string Model = "some/model-1";

    public static readonly byte[] Request = Encoding.UTF8.GetBytes(
        $$"""{"model":"{{Model}}","messages":[{"role":"user","content":"{{new string('x', 500)}}"}],"temperature":0.2}""");

    public static readonly byte[] StreamedRequest = Encoding.UTF8.GetBytes(
        $$"""{"model":"{{Model}}","messages":[{"role":"user","content":"{{new string('x', 500)}}"}],"stream":true}""");

    public static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        $$"""{"id":"c","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{new string('x', 480)}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":120,"completion_tokens":100,"total_tokens":220} }""");

    /// <summary>As an engine sends it that counts in every event.</summary>
    public static readonly byte[] Event = Encoding.UTF8.GetBytes(
        """data: {"id":"c","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}],"usage":{"prompt_tokens":120,"total_tokens":148,"completion_tokens":28} }""" + "\n\n");
}
