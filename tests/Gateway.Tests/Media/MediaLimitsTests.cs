using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Gateway.Metering;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;
using static Platform.Gateway.Tests.Media.MediaWorld;

namespace Platform.Gateway.Tests.Media;

/// <summary>What images and sound may take of a gateway, and what becomes of them when it cannot go on.</summary>
public sealed class MediaLimitsTests : OwnGatewayTests
{
    private const string Answer = """{"text":"x","usage":{"type":"duration","seconds":1}}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_may_be_larger_than_other_bodies_up_to_its_bound(bool announced)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync(upstream.Url, "Limits:MaxBodyBytes=20000", "Limits:MaxFormBytes=100000");

        using var within = await tenant.AskAsync("/v1/audio/transcriptions", Sized(tenant, 90_000, announced));
        using var beyond = await tenant.AskAsync("/v1/audio/transcriptions", Sized(tenant, 110_000, announced));

        within.StatusCode.ShouldBe(HttpStatusCode.OK);
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        beyond.Headers.GetValues("x-gateway-reason").ShouldBe(["limit"]);
        using var json = JsonDocument.Parse(await beyond.Content.ReadAsStringAsync(Cancel));
        var error = json.RootElement.GetProperty("error");
        (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()!.Contains("form", StringComparison.Ordinal)).ShouldBe(("request_too_large", true));
        upstream.Calls.Count.ShouldBe(1);
        await Until.TrueAsync(() => tenant.Gateway.Services.GetRequiredService<BufferBudget>().Used == 0);
    }

    [Fact]
    public async Task A_form_beyond_the_memory_of_all_is_refused()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await StartAsync(upstream.Url, "Limits:MaxBufferedMegabytes=1", "Limits:MaxFormBytes=4000000");

        using var response = await tenant.AskAsync("/v1/audio/transcriptions", Sized(tenant, 3_000_000, announced: true));

        (response.StatusCode, (await Errors.CodeAsync(response)).Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "overloaded"));
        upstream.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sound_whose_record_cannot_be_written_never_ends_well()
    {
        var more = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            await context.Response.Body.WriteAsync(Noise(10_000));
            await context.Response.Body.FlushAsync();
            await more.Task;
        });
        var tenant = await StartAsync(upstream.Url);
        using var response = await tenant.AskAsync("/v1/audio/speech", Json($$"""{"model":"{{tenant.Model}}","input":"x","voice":"alloy"}"""));
        await tenant.Gateway.Services.GetRequiredService<Journal>().StopAsync(Cancel);
        more.SetResult();

        await Should.ThrowAsync<HttpRequestException>(() => response.Content.CopyToAsync(Stream.Null, Cancel));
    }

    private static MultipartFormDataContent Sized(TestTenant tenant, int bytes, bool announced)
    {
        var form = Form(tenant.Model).WithFile("file", Noise(bytes));
        if (announced)
            return form;
        form.Headers.ContentLength = null;
        form.Add(new UnsizedContent(), "more");
        return form;
    }

    private async Task<TestTenant> StartAsync(Uri upstream, params string[] settings)
    {
        Host = await GatewayHost.StartAsync(Control.Url, Control.Token, null, settings);
        await Host.ReadyAsync();
        var tenant = new TestTenant(Control, Host);
        var pool = tenant.Pool("openai", upstream);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await Host.ReachAsync(Control);
        return tenant;
    }

    /// <summary>Makes the form go out in chunks.</summary>
    private sealed class UnsizedContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
