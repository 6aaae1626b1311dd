using System.Text;
using System.Text.Json;
using Platform.Contracts.Usage;
using Platform.Gateway.Api;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.Translation;
using Platform.Gateway.Translation;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>Whatever a caller posts, it is read or refused; and what is read is sent on as what it was, with its model's other name.</summary>
public sealed class RequestFuzzTests
{
    private const string Boundary = "a-boundary";
    private const string Messages =
        """{"model":"some/model","max_tokens":50,"stream":true,"system":[{"type":"text","text":"s"}],"messages":[{"role":"user","content":[{"type":"text","text":"h\u00e9llo"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}}]}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}""";

    /// <summary>By operation, a body that says much.</summary>
    private static readonly Dictionary<string, string> Json = new()
    {
        [Operations.Chat] = """{"messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"h\"\\\u00e9"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]}],"stream":true,"stream_options":{"include_usage":true},"model":"some/model","tools":[{"type":"function","function":{"name":"f"}}]}""",
        [Operations.Completion] = """{"model":"some/model","prompt":["a","b"],"stream":true,"stream_options":{"continuous_usage_stats":true}}""",
        [Operations.Responses] = """{"model":"some/model","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}],"instructions":"i","store":false,"stream":true,"tools":[]}""",
        [Operations.Messages] = Messages,
        [Operations.CountTokens] = Messages,
        [Operations.Embeddings] = """{"model":"some/model","input":["a","b"],"encoding_format":"base64"}""",
        [Operations.Rerank] = """{"model":"some/model","query":"q","documents":["a",{"text":"b"}],"top_n":1}""",
        [Operations.Score] = """{"model":"some/model","text_1":"a","text_2":["b"]}""",
        [Operations.Moderation] = """{"model":"some/model","input":"x"}""",
        [Operations.Tokenize] = """{"model":"some/model","prompt":"x"}""",
        [Operations.CountInput] = """{"model":"some/model","input":"x","instructions":null}""",
        [Operations.Speech] = """{"model":"some/model","input":"h\u00e9","voice":"alloy","response_format":"mp3","stream_format":"sse"}""",
        [Operations.ImageGeneration] = """{"model":"some/model","prompt":"x","n":2,"stream":true}""",
        [Operations.ImageEdit] = """{"model":"some/model","prompt":"x","images":[{"image_url":"data:image/png;base64,QQ=="}]}""",
    };

    private static readonly EngineProfile[] Profiles = [.. new[] { "vllm", "openai", "anthropic", "llamacpp" }.Select(n => EngineProfiles.Find(n)!)];

    public static TheoryData<string> Names => [.. OperationTable.All.Select(o => o.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_spoilt_request_is_read_or_refused(string name)
    {
        var operation = OperationTable.All.Single(o => o.Name == name);
        var seed = 3000 + OperationTable.All.ToList().IndexOf(operation);
        var sources = new List<(byte[] Bytes, bool IsForm)>();
        if (operation.Bodies.HasFlag(BodyKinds.Json))
            sources.Add((Encoding.UTF8.GetBytes(Json[name]), false));
        if (operation.Bodies.HasFlag(BodyKinds.Form))
            sources.Add((await FormAsync(name), true));
        sources.ShouldNotBeEmpty();
        foreach (var (source, isForm) in sources)
        {
            Read(operation, source, isForm).Error.ShouldBeNull();
            var mutator = new Mutator(seed);
            for (var round = Mutator.Rounds(400); round > 0; round--)
            {
                var bytes = mutator.Mutated(source);
                Fuzzing.Try(name, seed, bytes, () => Check(operation, bytes, isForm));
            }
        }
    }

    private static void Check(Operation operation, byte[] bytes, bool isForm)
    {
        var (facts, error) = Read(operation, bytes, isForm);
        if (facts is null)
        {
            error!.Status.ShouldBe(400);
            error.Message.ShouldNotBeEmpty();
            return;
        }
        foreach (var profile in Profiles)
        {
            var sent = BytesOf(facts.BodyFor(bytes, "upstream-model", profile));
            var (again, refused) = Read(operation, sent, isForm);
            refused.ShouldBeNull(Encoding.UTF8.GetString(sent));
            again!.Model.ShouldBe("upstream-model");
            again.Streamed.ShouldBe(facts.Streamed);
            if (profile.Routes.TryGetValue(operation.Name, out var route) && route.Translation is { } translator)
                Translate(translator, bytes, profile);
        }
    }

    private static void Translate(Translator translator, byte[] bytes, EngineProfile profile)
    {
        var translated = Translating.Request(translator, bytes, profile);
        if (translated.Error is { } error)
        {
            error.Status.ShouldBe(400);
            return;
        }
        using var json = JsonDocument.Parse(translated.Text, new() { MaxDepth = 1024 });
        json.RootElement.GetProperty("model").GetString().ShouldBe("upstream-model");
    }

    private static (RequestFacts? Facts, Gateway.Errors.ApiError? Error) Read(Operation operation, byte[] bytes, bool isForm)
    {
        var (facts, error) = isForm ? operation.ReadForm(bytes, Boundary) : operation.Read(bytes);
        return (facts, error);
    }

    private static byte[] BytesOf(RequestBody body)
    {
        using var stream = body.OpenRead();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Length.ShouldBe(body.Length);
        return copy.ToArray();
    }

    private static async Task<byte[]> FormAsync(string name)
    {
        using var form = new MultipartFormDataContent(Boundary) { { new StringContent("some/model"), "model" }, { new StringContent("x"), "prompt" }, { new StringContent("true"), "stream" } };
        form.Add(new ByteArrayContent([1, 2, 3, 13, 10, 45, 45, 0, 255]), name is Operations.Transcription or Operations.Translation ? "file" : "image", "a file.bin");
        return await form.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
