using System.Net;
using Platform.Gateway.Tests.World;
using static Platform.Gateway.Tests.Media.MediaWorld;

namespace Platform.Gateway.Tests.Media;

/// <summary>Forms that come again with the same <c>Idempotency-Key</c>.</summary>
public sealed class RepeatedFormTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"text":"x","usage":{"type":"duration","seconds":2}}""";

    private static readonly byte[] File = Noise(10_000);

    private readonly string _key = Guid.NewGuid().ToString();

    [Fact]
    public async Task A_form_with_another_boundary_is_the_same_one()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);
        using var first = await AskAsync(tenant, Form("one", tenant.Model, "en", File));

        using var second = await AskAsync(tenant, Form("another-boundary", tenant.Model, "en", File));

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        second.Headers.GetValues("idempotent-replayed").ShouldBe(["true"]);
        (await second.Content.ReadAsStringAsync(Cancel)).ShouldBe(Answer);
        upstream.Calls.Count.ShouldBe(1);
        (await tenant.RecordAsync()).AudioSeconds.ShouldBe(2);
    }

    [Theory]
    [InlineData("de", 0, "a.bin")]
    [InlineData("en", 1, "a.bin")]
    [InlineData("en", 0, "b.bin")]
    public async Task A_form_whose_parts_differ_is_another_one(string language, int added, string fileName)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);
        using var first = await AskAsync(tenant, Form("one", tenant.Model, "en", File));

        using var second = await AskAsync(tenant, Form("one", tenant.Model, language, [.. File, .. new byte[added]], fileName));

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Errors.CodeAsync(second)).Code.ShouldBe("idempotency_key_reuse");
        upstream.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Parts_in_another_order_are_another_form()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync("vllm", upstream.Url);
        using var first = await AskAsync(tenant, Form("one", tenant.Model, "en", File));
        var turned = new MultipartFormDataContent("one") { { new StringContent("en"), "language" }, { new StringContent(tenant.Model), "model" } };
        turned.Add(new ByteArrayContent(File), "file", "a.bin");

        using var second = await AskAsync(tenant, turned);

        (await Errors.CodeAsync(second)).Code.ShouldBe("idempotency_key_reuse");
    }

    private static MultipartFormDataContent Form(string boundary, string model, string language, byte[] file, string fileName = "a.bin")
    {
        var form = new MultipartFormDataContent(boundary) { { new StringContent(model), "model" }, { new StringContent(language), "language" } };
        form.Add(new ByteArrayContent(file), "file", fileName);
        return form;
    }

    private async Task<HttpResponseMessage> AskAsync(TestTenant tenant, HttpContent content)
    {
        content.Headers.Add("Idempotency-Key", _key);
        return await tenant.AskAsync("/v1/audio/transcriptions", content);
    }
}
