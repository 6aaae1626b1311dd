using System.Net;
using System.Text;
using Platform.Contracts.Usage;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Schemas;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;
using static Platform.Gateway.Tests.Media.MediaWorld;

namespace Platform.Gateway.Tests.Media;

public sealed class TranscriptionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly WireUsage Tokens = new(14, 45) { AudioInput = 10 };

    /// <summary>Content type, answer, its schema, tokens in and out, of them audio, seconds, source.</summary>
    public static TheoryData<string, string, string?, long, long, long, double, string> Answers => new()
    {
        { "application/json", Text(MediaWire.Transcription("So it is.", Tokens)), "CreateTranscriptionResponseJson", 14, 45, 10, 0, UsageSources.Provider },
        { "application/json", Text(MediaWire.Transcription("So it is.", 8.47)), "CreateTranscriptionResponseJson", 0, 0, 0, 8.47, UsageSources.Provider },
        { "application/json", Text(MediaWire.VerboseTranscription("So it is.", 3)), "CreateTranscriptionResponseVerboseJson", 0, 0, 0, 3, UsageSources.Provider },
        { "application/json", """{"task":"transcribe","language":"en","duration":"2.5","text":"So"}""", null, 0, 0, 0, 2.5, UsageSources.Provider },
        { "application/json", """{"text":"12345678"}""", null, 1, 2, 0, 0, UsageSources.Estimated },
        { "text/plain; charset=utf-8", "12345678", null, 1, 2, 0, 0, UsageSources.Estimated },
        { "application/x-subrip", "1\n00:00:00,000 --> 00:00:01,000\nx\n\n", null, 1, 9, 0, 0, UsageSources.Estimated },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_file_goes_on_as_it_is_but_for_the_model_and_what_was_heard_is_counted(
        string type, string answer, string? schema, long input, long output, long audio, double seconds, string source)
    {
        await using var upstream = await UpstreamStub.StartAsync(200, type, answer);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);
        var file = Noise(200_000);

        using var response = await tenant.AskAsync("/v1/audio/transcriptions", Form(tenant.Model, ("prompt", "abcd")).WithFile("file", file));

        var text = await response.Content.ReadAsStringAsync(Cancel);
        (response.StatusCode, text).ShouldBe((HttpStatusCode.OK, answer));
        response.Content.Headers.GetValues("content-type").ShouldBe([type]);
        if (schema is not null && OpenApiSchema.IsAvailable)
            (await OpenApiSchema.ValidateAsync(schema, text)).ShouldBeEmpty();
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe("/v1/audio/transcriptions");
        call.Headers["content-type"].ShouldContain("a-boundary");
        call.Body.ShouldBe(await Form("upstream-model", ("prompt", "abcd")).WithFile("file", file).ReadAsByteArrayAsync(Cancel));
        var record = await tenant.RecordAsync();
        (record.Operation, record.Streamed, record.Status).ShouldBe((Operations.Transcription, false, 200));
        (record.InputTokens, record.OutputTokens, record.AudioTokens, record.OutputAudioTokens).ShouldBe((input, output, audio, 0));
        (record.AudioSeconds, record.UsageSource).ShouldBe((seconds, source));
    }

    /// <summary>Content type, answer, tokens out, seconds, source.</summary>
    [Theory]
    [InlineData("text/plain", "12345678", 0, 1.5, UsageSources.Estimated)]
    [InlineData("application/json", """{"text":"12345678"}""", 0, 1.5, UsageSources.Estimated)]
    [InlineData("application/json", """{"text":"x","usage":{"type":"duration","seconds":2}}""", 0, 2, UsageSources.Provider)]
    [InlineData("application/json", """{"text":"x","usage":{"type":"tokens","input_tokens":3,"output_tokens":4,"total_tokens":7}}""", 4, 0, UsageSources.Provider)]
    public async Task Where_no_engine_says_how_long_the_sound_is_its_file_does(string type, string answer, long output, double seconds, string source)
    {
        await using var upstream = await UpstreamStub.StartAsync(200, type, answer);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await tenant.AskAsync("/v1/audio/transcriptions", Form(tenant.Model, ("response_format", "text")).WithFile("file", AudioFiles.Wave(48_000)));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = await tenant.RecordAsync();
        (record.OutputTokens, record.AudioSeconds, record.UsageSource).ShouldBe((output, seconds, source));
    }

    [Fact]
    public async Task What_is_heard_is_streamed_and_counted_at_its_end()
    {
        var events = SseText.Join(MediaWire.TranscriptionEvents(["So ", "it is."], Tokens));
        await using var upstream = await UpstreamStub.EventsAsync(Encoding.UTF8.GetString(events));
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync("/v1/audio/transcriptions", Form(tenant.Model, ("stream", "true")).WithFile("file", [1]));

        var bytes = await response.Content.BytesAsync();
        bytes.ShouldBe(events);
        if (OpenApiSchema.IsAvailable)
        {
            foreach (var data in SseText.Parse(bytes).Data)
                (await OpenApiSchema.ValidateAsync("CreateTranscriptionResponseStreamEvent", data)).ShouldBeEmpty();
        }
        var record = await tenant.RecordAsync();
        (record.Streamed, record.InputTokens, record.OutputTokens, record.AudioTokens, record.UsageSource).ShouldBe((true, 14, 45, 10, UsageSources.Provider));
    }

    /// <summary>What the caller says of the count; how the upstream's body differs; whether the caller sees it.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task VLLM_is_asked_to_count_a_stream_and_the_caller_sees_what_it_asked_for(string? said, bool seen)
    {
        const string Chunk = "data: {\"object\":\"transcription.chunk\",\"choices\":[{\"delta\":{\"content\":\"So\"},\"finish_reason\":\"stop\"}]}\n\n";
        const string Count = "data: {\"object\":\"transcription.chunk\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
        const string Done = "data: [DONE]\n\n";
        await using var upstream = await UpstreamStub.EventsAsync(Chunk + Count + Done);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);
        (string, string)[] fields = said is null ? [("stream", "true")] : [("stream", "true"), (FormRequest.UsageField, said)];

        using var response = await tenant.AskAsync("/v1/audio/transcriptions", Form(tenant.Model, fields).WithFile("file", [1]));

        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe(seen ? Chunk + Count + Done : Chunk + Done);
        var body = upstream.Calls.ShouldHaveSingleItem().Body;
        var (facts, error) = new FormShape(["file"]).Read(body, "a-boundary");
        error.ShouldBeNull();
        var sent = facts.ShouldBeOfType<FormRequest>();
        (sent.Model, sent.Streamed, sent.AsksUsage).ShouldBe(("upstream-model", true, true));
        var record = await tenant.RecordAsync();
        (record.InputTokens, record.OutputTokens, record.UsageSource).ShouldBe((5, 2, UsageSources.Provider));
    }

    [Fact]
    public async Task A_translation_is_an_operation_of_its_own()
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"text":"x","usage":{"type":"duration","seconds":2}}""");
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);

        using var response = await tenant.AskAsync("/v1/audio/translations", Form(tenant.Model).WithFile("file", [1]));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        upstream.Calls.ShouldHaveSingleItem().Path.ShouldBe("/v1/audio/translations");
        var record = await tenant.RecordAsync();
        (record.Operation, record.AudioSeconds).ShouldBe((Operations.Translation, 2));
    }

    [Fact]
    public async Task A_form_of_another_type_or_without_a_boundary_is_refused_and_never_sent()
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}");
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);
        var noBoundary = new ByteArrayContent([1]);
        noBoundary.Headers.ContentType = new("multipart/form-data");

        using var json = await tenant.AskAsync("/v1/audio/transcriptions", Json("{}"));
        using var bare = await tenant.AskAsync("/v1/audio/transcriptions", noBoundary);
        using var form = await tenant.AskAsync("/v1/chat/completions", Form(tenant.Model));

        (json.StatusCode, (await Errors.CodeAsync(json)).Code).ShouldBe((HttpStatusCode.BadRequest, "unsupported_media_type"));
        (bare.StatusCode, (await Errors.CodeAsync(bare)).Code).ShouldBe((HttpStatusCode.BadRequest, "invalid_form"));
        (form.StatusCode, (await Errors.CodeAsync(form)).Code).ShouldBe((HttpStatusCode.BadRequest, "unsupported_media_type"));
        upstream.Calls.ShouldBeEmpty();
        tenant.Records().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_second_endpoint_gets_the_whole_file_when_the_first_one_dies()
    {
        await using var dead = await UpstreamStub.StartAsync((context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using var alive = await UpstreamStub.JsonAsync("""{"text":"x","usage":{"type":"duration","seconds":2}}""");
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = new[] { tenant.Pool("vllm", dead.Url), tenant.Pool("vllm", alive.Url) };
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.AskAsync("/v1/audio/transcriptions", Form(tenant.Model).WithFile("file", Noise(100_000)));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        alive.Calls.ShouldHaveSingleItem().Body.ShouldBe(await Form("upstream-model").WithFile("file", Noise(100_000)).ReadAsByteArrayAsync(Cancel));
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
