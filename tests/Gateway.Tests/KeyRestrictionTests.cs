using System.Net;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Tests call from 127.0.0.1.</summary>
public sealed class KeyRestrictionTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.0/8", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8 ::ffff:127.0.0.0/104", HttpStatusCode.OK)]
    [InlineData("10.0.0.0/8 2001:db8::/32", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task A_key_is_good_in_its_networks_only(string ranges, HttpStatusCode expected)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        tenant.PutKeys(tenant.KeyEntry() with { IpRanges = Split(ranges) });
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(expected);
        upstream.Calls.Count.ShouldBe(expected == HttpStatusCode.OK ? 1 : 0);
        tenant.Records().Count.ShouldBe(upstream.Calls.Count);
    }

    [Fact]
    public async Task Outside_its_networks_a_key_is_refused_before_anything_else_is_looked_at()
    {
        var tenant = await fixture.TenantAsync();
        tenant.PutKeys(tenant.KeyEntry() with { IpRanges = ["10.0.0.0/8"] });
        tenant.Put(suspended: true);
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync("no JSON");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Errors.CodeAsync(response)).ShouldBe(("invalid_request_error", "ip_not_allowed"));
        response.Headers.GetValues("x-gateway-reason").Single().ShouldBe("caller");
        (await ModelsAsync(tenant)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("10.0.0.0/8", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1/32", HttpStatusCode.OK)]
    public async Task A_tenants_networks_hold_for_all_its_keys(string range, HttpStatusCode expected)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        tenant.PutKeys(tenant.KeyEntry() with { IpRanges = ["127.0.0.0/8"] });
        tenant.Put(fixture.Gateway.Snapshot!.Tenants[tenant.Id].Models.All is { } models
            ? tenant.Document([.. models]) with { Isolation = new() { IpRanges = [range] } }
            : null);
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var response = await tenant.PostAsync(tenant.Body());

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_key_with_a_network_that_cannot_be_read_is_not_in_force_and_the_others_are()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        var faulty = ApiKeyFormat.Generate();
        tenant.PutKeys(tenant.KeyEntry(), tenant.KeyEntry(faulty) with { IpRanges = ["127.0.0.0/8", "127.0.0.1/8"] });
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.PostAsync(tenant.Body(), faulty)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        fixture.Gateway.Snapshot!.Rejected.ShouldContainKey((ConfigKinds.KeyShard, $"{tenant.Id}/0"));
    }

    [Fact]
    public async Task Both_secrets_of_a_key_that_rotates_are_good_and_records_name_the_one_key()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        var (fresh, entry) = (ApiKeyFormat.Generate(), tenant.KeyEntry());
        tenant.PutKeys(entry, tenant.KeyEntry(fresh) with { Id = entry.Id, ProjectId = entry.ProjectId });
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.PostAsync(tenant.Body(), fresh)).StatusCode.ShouldBe(HttpStatusCode.OK);

        tenant.Records().Select(r => r.ApiKeyId).ShouldBe([entry.Id, entry.Id]);
        fixture.Gateway.Snapshot!.Rejected.ShouldNotContainKey((ConfigKinds.KeyShard, $"{tenant.Id}/0"));
    }

    [Fact]
    public async Task A_model_outside_a_keys_list_does_not_exist_for_it()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        tenant.PutKeys(tenant.KeyEntry() with { AllowedModels = [ModelName.Parse("another")] });
        await fixture.Gateway.ReachAsync(fixture.Control);

        using var refused = await tenant.PostAsync(tenant.Body());
        using var unknown = await tenant.PostAsync(tenant.Body().Replace(tenant.Model, "no/such-model"));

        refused.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await refused.Content.ReadAsStringAsync(Token))
            .ShouldBe((await unknown.Content.ReadAsStringAsync(Token)).Replace("no/such-model", tenant.Model));
        (await (await ModelsAsync(tenant)).Content.ReadAsStringAsync(Token)).ShouldBe("""{"object":"list","data":[]}""");
        (await ModelsAsync(tenant, tenant.Model)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        upstream.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("some/model-1")]
    [InlineData("short")]
    public async Task A_key_that_lists_one_of_a_models_names_may_use_them_all(string listed)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync(upstream.Url);
        var model = fixture.Gateway.Snapshot!.Tenants[tenant.Id].Models.All.Single() with { Aliases = [ModelName.Parse("short")] };
        tenant.Put(models: model);
        tenant.PutKeys(tenant.KeyEntry() with { AllowedModels = [ModelName.Parse(listed)] });
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await tenant.PostAsync(tenant.Body().Replace(tenant.Model, "short"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        tenant.Records().Select(r => r.ModelAsked).ShouldBe([tenant.Model, tenant.Model]);
        (await (await ModelsAsync(tenant)).Content.ReadAsStringAsync(Token)).ShouldNotContain("short");
    }

    private static string[] Split(string ranges) => ranges.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Task<HttpResponseMessage> ModelsAsync(TestTenant tenant, string? id = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, id is null ? "/v1/models" : $"/v1/models/{id}");
        request.Headers.Authorization = new("Bearer", tenant.Key);
        return tenant.Gateway.Http.SendAsync(request, Token);
    }
}
