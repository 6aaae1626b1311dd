using System.Net;
using System.Text.Json;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What an engine does not do, it is not asked for.</summary>
public sealed class OperationTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task What_the_models_engine_does_not_serve_is_refused_with_a_reason_and_never_sent()
    {
        await using var upstream = await UpstreamStub.JsonAsync("{}");
        var tenant = new TestTenant(fixture.Control, fixture.Gateway);
        var pool = tenant.Pool("anthropic", upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var request = tenant.Request($$"""{"model":"{{tenant.Model}}","input":"x"}""");
        request.RequestUri = new("/v1/embeddings", UriKind.Relative);
        using var response = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Headers.GetValues("x-gateway-reason").ShouldBe(["caller"]);
        (await Errors.CodeAsync(response)).ShouldBe(("invalid_request_error", "unsupported_operation"));
        upstream.Calls.ShouldBeEmpty();
        tenant.Records().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages/nothing")]
    public async Task Who_asks_where_Anthropics_clients_do_reads_Anthropics_errors(string path)
    {
        using var response = await fixture.Gateway.Http.PostAsync(path + "/unknown", null, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        json.RootElement.GetProperty("type").GetString().ShouldBe("error");
        json.RootElement.GetProperty("error").GetProperty("type").GetString().ShouldBe("not_found_error");
        json.RootElement.GetProperty("request_id").GetString().ShouldBe(response.Headers.GetValues("x-request-id").Single());
    }
}
