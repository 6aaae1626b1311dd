using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Usage;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Schemas;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;
using static Platform.Gateway.Tests.Media.MediaWorld;

namespace Platform.Gateway.Tests.Media;

public sealed class SpeechTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Path = "/v1/audio/speech";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65_536)]
    [InlineData(3_000_000)]
    public async Task Sound_goes_on_as_it_is_and_its_characters_are_counted(int length)
    {
        var sound = Noise(length);
        await using var upstream = await UpstreamStub.StartAsync((context, _) =>
        {
            context.Response.ContentType = "audio/mpeg";
            return context.Response.Body.WriteAsync(sound).AsTask();
        });
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(Path, Json(Body(tenant)));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("audio/mpeg");
        (await response.Content.BytesAsync()).ShouldBe(sound);
        var record = await tenant.RecordAsync();
        (record.Operation, record.Characters, record.OutputTokens, record.UsageSource).ShouldBe((Operations.Speech, 9, 0, UsageSources.Estimated));
        (record.Status, record.ErrorCode, record.Streamed).ShouldBe((200, null, false));
        await Until.TrueAsync(() => fixture.Gateway.Services.GetRequiredService<BufferBudget>().Used == 0);
    }

    [Fact]
    public async Task Sound_is_heard_as_it_comes_but_its_last_byte_only_when_the_record_is_there()
    {
        var end = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = 300_000;
            await context.Response.Body.WriteAsync(Noise(300_000).AsMemory(0, 200_000));
            await context.Response.Body.FlushAsync();
            await end.Task;
            await context.Response.Body.WriteAsync(Noise(300_000).AsMemory(200_000));
        });
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(Path, Json(Body(tenant)));
        response.Content.Headers.ContentLength.ShouldBe(300_000);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        var heard = new byte[300_000];
        await stream.ReadExactlyAsync(heard.AsMemory(0, 199_999), Cancel);
        tenant.Records().ShouldBeEmpty();
        var next = stream.ReadAsync(heard.AsMemory(199_999), Cancel);
        next.IsCompleted.ShouldBeFalse("the byte that may be the last is held back");
        end.SetResult();
        var at = 199_999 + await next;
        await stream.ReadExactlyAsync(heard.AsMemory(at), Cancel);

        heard.ShouldBe(Noise(300_000));
        tenant.Records().ShouldHaveSingleItem("the last byte went out behind the record");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sound_that_breaks_breaks_at_its_caller_and_the_record_is_partial(bool known)
    {
        var head = known ? Script.Answer(200, Framing.OfLength(20_000), ("content-type", "audio/mpeg")) : Script.Answer(200, Framing.Chunked, ("content-type", "audio/mpeg"));
        await using var upstream = ScriptedUpstream.Start(_ => head.Write(Noise(10_000)).Close());
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(Path, Json(Body(tenant)));

        await Should.ThrowAsync<HttpRequestException>(() => response.Content.CopyToAsync(Stream.Null, Cancel));
        var record = await tenant.RecordAsync();
        (record.Characters, record.UsageSource, record.ErrorCode).ShouldBe((9, UsageSources.Partial, "upstream_failed"));
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_engines_work_and_is_recorded()
    {
        await using var upstream = ScriptedUpstream.Start(_ => Script.Answer(200, Framing.Chunked, ("content-type", "audio/mpeg")).Write(Noise(10_000)).StallForever());
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using (var response = await tenant.AskAsync(Path, Json(Body(tenant))))
        {
            await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
            await stream.ReadExactlyAsync(new byte[9_999], Cancel);
        }

        var record = await tenant.RecordAsync();
        (record.Status, record.ErrorCode, record.Characters, record.UsageSource).ShouldBe((499, "caller_left", 9, UsageSources.Partial));
        await upstream.Requests.ShouldHaveSingleItem().HungUp.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task Sound_that_never_began_is_asked_of_the_next_endpoint()
    {
        await using var dead = await UpstreamStub.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = 5;
            await context.Response.StartAsync();
            context.Abort();
        });
        await using var alive = await UpstreamStub.StartAsync(200, "audio/wav", "RIFF");
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pools = new[] { tenant.Pool("openai", dead.Url), tenant.Pool("openai", alive.Url) };
        foreach (var pool in pools)
            tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pools));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.AskAsync(Path, Json(Body(tenant)));

        (await response.Content.ReadAsStringAsync(Cancel)).ShouldBe("RIFF");
        (await tenant.RecordAsync()).Tries.ShouldBe(2);
    }

    [Fact]
    public async Task Sound_as_events_is_counted_by_its_engine()
    {
        var events = SseText.Join(MediaWire.SpeechEvents([Noise(90), Noise(9)], new(14, 101)));
        await using var upstream = await UpstreamStub.EventsAsync(Encoding.UTF8.GetString(events));
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(Path, Json(Body(tenant, ",\"stream_format\":\"sse\"")));

        var bytes = await response.Content.BytesAsync();
        bytes.ShouldBe(events);
        if (OpenApiSchema.IsAvailable)
        {
            foreach (var data in SseText.Parse(bytes).Data)
                (await OpenApiSchema.ValidateAsync("CreateSpeechResponseStreamEvent", data)).ShouldBeEmpty();
        }
        var record = await tenant.RecordAsync();
        (record.InputTokens, record.OutputTokens, record.Characters, record.Streamed, record.UsageSource).ShouldBe((14, 101, 9, true, UsageSources.Provider));
    }

    [Fact]
    public async Task A_refusal_is_the_callers_and_nothing_was_spoken()
    {
        const string Refusal = """{"error":{"message":"no such voice","type":"invalid_request_error","param":"voice","code":null}}""";
        await using var upstream = await UpstreamStub.JsonAsync(Refusal, 400);
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(Path, Json(Body(tenant)));

        (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)).ShouldBe((HttpStatusCode.BadRequest, Refusal));
        (await tenant.RecordAsync()).Characters.ShouldBe(0);
    }

    /// <summary>Nine characters in thirteen bytes.</summary>
    private static string Body(TestTenant tenant, string more = "") => $$"""{"input":"Grüße 🗼\n!","voice":"alloy","model":"{{tenant.Model}}"{{more}}}""";
}
