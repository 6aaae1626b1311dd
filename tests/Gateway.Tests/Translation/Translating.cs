using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Contracts.Ids;
using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.Translation;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Tests.Translation;

/// <summary>What became of a text.</summary>
internal sealed record Translated(string Text, ApiError? Error, string? Dropped);

/// <summary>The translators as functions of texts.</summary>
internal static class Translating
{
    public static readonly AnswerContext Context = new(RequestId.New(), 1_700_000_000, IncludeUsage: false);

    public static Translated ChatToMessages(string body, string engine = "anthropic") => Request(new ChatThroughMessages(), body, engine);

    public static Translated MessagesToChat(string body, string engine = "vllm") => Request(new MessagesThroughChat(), body, engine);

    public static Translated Request(Translator translator, string body, string engine) =>
        Request(translator, Encoding.UTF8.GetBytes(body), EngineProfiles.Find(engine)!);

    public static Translated Request(Translator translator, byte[] body, EngineProfile engine)
    {
        var output = new ArrayBufferWriter<byte>();
        var findings = new Findings();
        var error = translator.Write(new(body, "upstream-model", engine), output, findings);
        return new(Encoding.UTF8.GetString(output.WrittenSpan), error, findings.ToHeader());
    }

    /// <summary>Empty where the answer cannot be read.</summary>
    public static (string Text, string? Dropped, AnswerMeter Meter) Answer(TranslatedAnswers answers, string body)
    {
        var (output, findings, meter) = (new ArrayBufferWriter<byte>(), new Findings(), new AnswerMeter());
        var bytes = Encoding.UTF8.GetBytes(body);
        answers.Read(bytes, meter);
        return answers.TryWrite(bytes, Context, meter, output, findings) ? (Encoding.UTF8.GetString(output.WrittenSpan), findings.ToHeader(), meter) : ("", null, meter);
    }

    public static void ShouldBeJson(this string actual, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected)).ShouldBeTrue($"was       {actual}\nexpected  {expected}");
}
