using System.Net;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Schemas;
using Platform.TestKit.Streams;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;
using static Platform.Gateway.Tests.Media.MediaWorld;

namespace Platform.Gateway.Tests.Media;

public sealed class ImageTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly WireUsage Tokens = new(9, 100);

    [Theory]
    [InlineData(2, true, 9, 100)]
    [InlineData(3, false, 0, 0)]
    public async Task Images_are_counted_as_the_answer_has_them_with_tokens_where_the_engine_says_them(int count, bool counted, long input, long output)
    {
        var answer = MediaWire.Images(count, counted ? Tokens : null);
        await using var upstream = await UpstreamStub.JsonAsync(Encoding.UTF8.GetString(answer));
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync("/v1/images/generations", Json($$"""{"prompt":"x","n":{{count}},"model":"{{tenant.Model}}"}"""));

        var bytes = await response.Content.BytesAsync();
        bytes.ShouldBe(answer);
        if (OpenApiSchema.IsAvailable)
            (await OpenApiSchema.ValidateAsync("ImagesResponse", bytes)).ShouldBeEmpty();
        upstream.Calls.ShouldHaveSingleItem().Text.ShouldBe($$"""{"prompt":"x","n":{{count}},"model":"upstream-model"}""");
        var record = await tenant.RecordAsync();
        (record.Operation, record.Images, record.InputTokens, record.OutputTokens, record.UsageSource)
            .ShouldBe((Operations.ImageGeneration, count, input, output, UsageSources.Provider));
    }

    [Fact]
    public async Task Images_on_the_way_are_none_and_each_whole_one_counts()
    {
        var one = SseText.Join(MediaWire.ImageEvents(2, Tokens));
        byte[] events = [.. one, .. one];
        await using var upstream = await UpstreamStub.EventsAsync(Encoding.UTF8.GetString(events));
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync("/v1/images/generations", Json($$"""{"prompt":"x","stream":true,"model":"{{tenant.Model}}"}"""));

        var bytes = await response.Content.BytesAsync();
        bytes.ShouldBe(events);
        if (OpenApiSchema.IsAvailable)
        {
            foreach (var data in SseText.Parse(bytes).Data)
                (await OpenApiSchema.ValidateAsync("ImageGenStreamEvent", data)).ShouldBeEmpty();
        }
        var record = await tenant.RecordAsync();
        (record.Images, record.InputTokens, record.OutputTokens, record.Streamed, record.UsageSource).ShouldBe((2, 18, 200, true, UsageSources.Provider));
    }

    [Fact]
    public async Task A_stream_that_breaks_behind_an_image_brings_it_and_its_error_and_counts_it()
    {
        var one = SseText.Join(MediaWire.ImageEvents(1, Tokens));
        await using var upstream = ScriptedUpstream.Start(_ => Script.Stream().Write(one).Close());
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync("/v1/images/generations", Json($$"""{"prompt":"x","stream":true,"model":"{{tenant.Model}}"}"""));

        var text = await response.Content.ReadAsStringAsync(Cancel);
        text.ShouldStartWith(Encoding.UTF8.GetString(one) + "data: {\"error\":");
        var record = await tenant.RecordAsync();
        (record.Images, record.ErrorCode).ShouldBe((1, "upstream_failed"));
    }

    [Theory]
    [InlineData("/v1/images/edits", "image", Operations.ImageEdit)]
    [InlineData("/v1/images/edits", "image[]", Operations.ImageEdit)]
    [InlineData("/v1/images/variations", "image", Operations.ImageVariation)]
    public async Task Images_of_images_are_asked_for_by_a_form(string path, string field, string operation)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Encoding.UTF8.GetString(MediaWire.Images(1, Tokens)));
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(path, Form(tenant.Model, ("prompt", "x")).WithFile(field, Noise(5000)));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var call = upstream.Calls.ShouldHaveSingleItem();
        call.Path.ShouldBe(path);
        call.Body.ShouldBe(await Form("upstream-model", ("prompt", "x")).WithFile(field, Noise(5000)).ReadAsByteArrayAsync(Cancel));
        var record = await tenant.RecordAsync();
        (record.Operation, record.Images, record.OutputTokens).ShouldBe((operation, 1, 100));
    }

    [Fact]
    public async Task An_edit_may_be_asked_for_in_JSON_and_a_variation_may_not()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Encoding.UTF8.GetString(MediaWire.Images(1, Tokens)));
        var tenant = await fixture.TenantAsync("openai", upstream.Url);
        var body = $$"""{"model":"{{tenant.Model}}","prompt":"x","images":[{"image_url":"data:image/png;base64,AA=="}]}""";

        using var edit = await tenant.AskAsync("/v1/images/edits", Json(body));
        using var variation = await tenant.AskAsync("/v1/images/variations", Json(body));
        using var generation = await tenant.AskAsync("/v1/images/generations", Form(tenant.Model, ("prompt", "x")));

        edit.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Errors.CodeAsync(variation)).Code.ShouldBe("unsupported_media_type");
        (await Errors.CodeAsync(generation)).Code.ShouldBe("unsupported_media_type");
        upstream.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_beyond_the_bound_says_whose_bound_it_is(bool streamed)
    {
        var events = MediaWire.ImageEvents(1, Tokens);
        var large = streamed
            ? Encoding.UTF8.GetString(events[0].ToBytes()) + "data: {\"type\":\"image_generation.completed\",\"b64_json\":\"" + new string('A', 40_000) + "\"}\n\n"
            : $$"""{"created":1,"data":[{"b64_json":"{{new string('A', 40_000)}}"}]}""";
        await using var upstream = streamed ? await UpstreamStub.EventsAsync(large) : await UpstreamStub.JsonAsync(large);
        await using var control = new FakeControl();
        await control.StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token, null, "Limits:MaxImageBytes=2048");
        await gateway.ReadyAsync();
        var tenant = new TestTenant(control, gateway);
        var pool = tenant.Pool("openai", upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await gateway.ReachAsync(control);

        using var response = await tenant.AskAsync("/v1/images/generations", Json($$"""{"prompt":"x","stream":{{(streamed ? "true" : "false")}},"model":"{{tenant.Model}}"}"""));

        var text = await response.Content.ReadAsStringAsync(Cancel);
        text.ShouldContain("answer_too_large");
        text.ShouldContain("Limits:MaxImageBytes is 2048 bytes");
        if (!streamed)
            (response.StatusCode, response.Headers.GetValues("x-gateway-reason").Single()).ShouldBe((HttpStatusCode.BadGateway, "limit"));
        (await tenant.RecordAsync()).ErrorCode.ShouldBe("answer_too_large");
    }
}
