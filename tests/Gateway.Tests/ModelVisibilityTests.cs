using System.Net;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class ModelVisibilityTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_of_the_catalog_exists_for_the_tenants_it_is_offered_to()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var (invited, other) = (await fixture.TenantAsync(), await fixture.TenantAsync());
        var pool = SharedPool(invited, upstream);
        PutCatalog(Shared("special", pool) with { OfferedTo = [invited.Id], Aliases = [ModelName.Parse("sp")] }, Shared("common", pool));
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await NamesAsync(invited)).ShouldBe([invited.Model, "special", "common"]);
        (await NamesAsync(other)).ShouldBe([other.Model, "common"]);
        foreach (var name in (string[])["special", "sp"])
        {
            (await StatusAsync(invited, name)).ShouldBe(HttpStatusCode.OK);
            (await StatusAsync(other, name)).ShouldBe(HttpStatusCode.NotFound);
        }
        (await StatusAsync(other, "common")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_name_that_is_not_offered_hides_no_alias_that_is()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync();
        var pool = SharedPool(tenant, upstream);
        PutCatalog(Shared("x", pool) with { OfferedTo = [] }, Shared("y", pool) with { Aliases = [ModelName.Parse("x")] });
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await StatusAsync(tenant, "x")).ShouldBe(HttpStatusCode.OK);

        (await tenant.RecordAsync()).ModelAsked.ShouldBe("y");
    }

    [Fact]
    public async Task What_the_tenant_has_under_a_name_wins_over_the_catalog_and_a_name_over_an_alias()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync();
        var own = tenant.Pool("vllm", upstream.Url);
        tenant.PutPool(own);
        var (first, second) = (Model(tenant, "first", own), Model(tenant, "second", own));
        tenant.Put(models: [first with { Aliases = [Name("second"), Name("common"), Name("fast")] }, second]);
        PutCatalog(Shared("common", SharedPool(tenant, upstream)));
        await fixture.Gateway.ReachAsync(fixture.Control);

        foreach (var name in (string[])["first", "second", "common", "fast"])
            (await StatusAsync(tenant, name)).ShouldBe(HttpStatusCode.OK);

        tenant.Records().Select(r => r.ModelAsked).ShouldBe(["first", "second", "first", "first"]);
        tenant.Records().ShouldAllBe(r => r.PoolId == own.Id);
        (await NamesAsync(tenant)).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task A_tenant_is_served_by_the_pools_it_is_allowed_only()
    {
        await using var wrong = await UpstreamStub.JsonAsync(Answer);
        await using var right = await UpstreamStub.JsonAsync(Answer);
        var tenant = await fixture.TenantAsync();
        var (first, second) = (tenant.Pool("vllm", wrong.Url), tenant.Pool("vllm", right.Url));
        tenant.PutPool(first);
        tenant.PutPool(second);
        var document = tenant.Document(tenant.ModelOn(first, second), Model(tenant, "elsewhere", first));
        tenant.Put(document with { Isolation = new() { AllowedPools = [second.Id] } });
        await fixture.Gateway.ReachAsync(fixture.Control);

        (await StatusAsync(tenant, tenant.Model)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(tenant, "elsewhere")).ShouldBe(HttpStatusCode.NotFound);

        (await NamesAsync(tenant)).ShouldBe([tenant.Model]);
        wrong.Calls.ShouldBeEmpty();
        (await tenant.RecordAsync()).PoolId.ShouldBe(second.Id);
    }

    private static PoolDocument SharedPool(TestTenant tenant, UpstreamStub upstream)
    {
        var pool = tenant.Pool("vllm", upstream.Url) with { TenantId = TenantId.Platform };
        tenant.PutPool(pool);
        return pool;
    }

    private void PutCatalog(params ModelEntry[] models) => fixture.Control.Put(
        ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [fixture.Control.PepperEntry()], Catalog = models });

    private static ModelName Name(string name) => ModelName.Parse(name);

    private static ModelEntry Shared(string name, PoolDocument pool) =>
        new(ModelId.New(), Name(name), "platform", DateTimeOffset.UnixEpoch, [new(pool.Id, "upstream-model")]);

    private static ModelEntry Model(TestTenant tenant, string name, PoolDocument pool) => tenant.ModelOn(pool) with { Id = ModelId.New(), Name = Name(name) };

    private static async Task<HttpStatusCode> StatusAsync(TestTenant tenant, string model)
    {
        using var response = await tenant.PostAsync(tenant.Body().Replace(tenant.Model, model));
        return response.StatusCode;
    }

    private static async Task<IEnumerable<string?>> NamesAsync(TestTenant tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new("Bearer", tenant.Key);
        using var response = await tenant.Gateway.Http.SendAsync(request, Token);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return [.. body.RootElement.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString())];
    }
}
