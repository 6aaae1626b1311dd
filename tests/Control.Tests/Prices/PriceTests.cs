using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Prices;

public sealed class PriceTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Base = "/api/v1/operator/prices";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Prices_reach_agents_in_the_document_of_whose_they_are()
    {
        var (tenant, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var (model, before) = (Model(), await control.RevisionAsync(tenant));

        var atBase = await MakeAsync(http, Base, model, Now, inputPerMillion: 2.5m);
        (await control.RevisionAsync(tenant)).ShouldBe(before);
        var own = await MakeAsync(http, Own(tenant), model, Now, inputPerMillion: 0);

        (atBase.Base, own.Base).ShouldBe((true, false));
        var entry = (await control.PlatformDocumentAsync()).Prices.Single(p => p.Model == model);
        (entry.Id, entry.Currency, entry.Price.InputPerMillion, entry.EffectiveFrom).ShouldBe((atBase.Id, "EUR", 2.5m, atBase.EffectiveFrom));
        (await control.DocumentAsync(tenant)).Prices.ShouldHaveSingleItem().Price.ShouldBe(new(InputPerMillion: 0));
        (await http.GetAsync<PriceAnswer>($"{Own(tenant)}/{own.Id}")).ShouldBe(own);
        (await http.GetAsync<Page<PriceAnswer>>($"{Base}?model={model}")).Items.ShouldBe([atBase]);
        using var mixedUp = await http.GetAsync($"{Base}/{own.Id}", Cancel);
        await mixedUp.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task Every_unit_has_a_price_that_is_stored_listed_and_delivered()
    {
        var (tenant, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var spec = new PriceSpec(AudioInputPerMillion: 1.5m, AudioOutputPerMillion: 2, PerMillionCharacters: 15, PerCachedAnswer: 0.000001m);

        var made = await http.CreateAsync<PriceAnswer>(Own(tenant), new PriceRequest { Model = Model(), Currency = "EUR", Price = spec, EffectiveFrom = Now });

        made.Price.ShouldBe(spec);
        (await http.GetAsync<Page<PriceAnswer>>(Own(tenant))).Items.ShouldHaveSingleItem().Price.ShouldBe(spec);
        (await control.DocumentAsync(tenant)).Prices.ShouldHaveSingleItem().Price.ShouldBe(spec);
    }

    [Fact]
    public async Task A_tenant_reads_what_holds_for_it_its_own_before_the_base()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, theirs) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var (one, two) = (Model(), Model());
        var baseOne = await MakeAsync(http, Base, one, Now.AddDays(-10));
        var baseTwo = await MakeAsync(http, Base, two, Now.AddDays(-10));
        var own = await MakeAsync(http, Own(tenant), one, Now.AddDays(-1), Now.AddDays(1), currency: "USD");

        (await HeldAsync(admin, tenant, one, Now)).ShouldBe([own]);
        (await HeldAsync(admin, tenant, two, Now)).ShouldBe([baseTwo]);
        (await HeldAsync(admin, tenant, one, Now.AddDays(-2))).ShouldBe([baseOne]);
        (await HeldAsync(admin, tenant, one, own.EffectiveFrom)).ShouldBe([own]);
        (await HeldAsync(admin, tenant, one, own.EffectiveTo!.Value)).ShouldBe([baseOne]);
        (await HeldAsync(admin, tenant, one, Now.AddDays(-11))).ShouldBeEmpty();
        (await HeldAsync(theirs, other, one, Now)).ShouldBe([baseOne]);
        (await admin.GetAsync<Page<PriceAnswer>>($"/api/v1/tenants/{tenant}/prices?q={two}")).Items.ShouldBe([baseTwo]);
        using var bad = await admin.GetAsync($"/api/v1/tenants/{tenant}/prices?at=tomorrow", Cancel);
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("model", "\"not good\"", "model")]
    [InlineData("model", null, "model")]
    [InlineData("currency", "\"EURO\"", "currency")]
    [InlineData("currency", null, "currency")]
    [InlineData("price", null, "price")]
    [InlineData("price", "{}", "price")]
    [InlineData("price", "null", "price")]
    [InlineData("price", """{"inputPerMillion":-1,"perRequest":0.0000001,"perImage":1000000000000}""", "price.inputPerMillion", "price.perRequest", "price.perImage")]
    [InlineData("price", """{"audioInputPerMillion":-1,"audioOutputPerMillion":-1,"perMillionCharacters":0.0000001,"perCachedAnswer":-0.5}""", "price.audioInputPerMillion", "price.audioOutputPerMillion", "price.perMillionCharacters", "price.perCachedAnswer")]
    [InlineData("effectiveFrom", null, "effectiveFrom")]
    [InlineData("effectiveFrom", "\"1999-12-31T00:00:00Z\"", "effectiveFrom")]
    [InlineData("effectiveFrom", "\"2020-01-01T00:00:00Z\"", "effectiveFrom")]
    [InlineData("effectiveTo", "\"2020-01-01T00:00:00Z\"", "effectiveTo")]
    [InlineData("effectiveTo", "\"2200-01-01T00:00:00Z\"", "effectiveTo")]
    public async Task A_fault_is_named_by_its_path(string member, string? value, params string[] paths)
    {
        var (tenant, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var body = new JsonObject { ["model"] = Model(), ["currency"] = "EUR", ["price"] = new JsonObject { ["perRequest"] = 1 }, ["effectiveFrom"] = Now };
        body.Remove(member);
        if (value is not null)
            body[member] = JsonNode.Parse(value);

        using var atBase = await http.SendTextAsync(HttpMethod.Post, Base, body.ToJsonString());
        using var own = await http.SendTextAsync(HttpMethod.Post, Own(tenant), body.ToJsonString());

        await atBase.ShouldFaultAsync(paths);
        await own.ShouldFaultAsync(paths);
    }

    /// <summary>Days from now of a second price beside one of the days 10 to 20.</summary>
    [Theory]
    [InlineData(5, 10, false)]
    [InlineData(20, 30, false)]
    [InlineData(20, null, false)]
    [InlineData(5, 11, true)]
    [InlineData(19, 30, true)]
    [InlineData(12, 13, true)]
    [InlineData(5, 30, true)]
    [InlineData(5, null, true)]
    [InlineData(10, 20, true)]
    public async Task Periods_of_one_model_and_currency_do_not_overlap(int from, int? to, bool refused)
    {
        using var http = await control.OperatorAsync();
        var model = Model();
        var first = await MakeAsync(http, Base, model, Now.AddDays(10), Now.AddDays(20));
        await MakeAsync(http, Base, model, Now.AddDays(10), Now.AddDays(20), currency: "USD");
        await MakeAsync(http, Base, Model(), Now.AddDays(10), Now.AddDays(20));
        var request = Request(model, Now.AddDays(from), to is { } days ? Now.AddDays(days) : null);

        using var answer = await http.PostAsync(Base, request);

        if (refused)
            (await answer.ShouldFaultAsync("effectiveFrom")).GetProperty("errors").GetProperty("effectiveFrom")[0].GetString()!.ShouldContain(first.Id.ToString());
        else
            await answer.ShouldBeAsync<PriceAnswer>(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_many_that_are_made_at_once_for_one_period_one_is()
    {
        using var http = await control.OperatorAsync();
        var request = Request(Model(), Now, null);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.PostAsync(Base, request)));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.UnprocessableEntity).ShouldBe(7);
    }

    [Fact]
    public async Task Only_the_end_of_a_price_changes_and_only_in_the_future()
    {
        using var http = await control.OperatorAsync();
        var model = Model();
        var price = await MakeAsync(http, Base, model, Now.AddDays(-1), Now.AddDays(10));
        var next = await MakeAsync(http, Base, model, Now.AddDays(10));
        var path = $"{Base}/{price.Id}";

        using var past = await http.PutAsync(path, new UpdatePriceRequest { EffectiveTo = Now.AddHours(-1) });
        using var longer = await http.PutAsync(path, new UpdatePriceRequest { EffectiveTo = Now.AddDays(11) });
        using var open = await http.PutAsync(path, new UpdatePriceRequest());
        using var backwards = await http.PutAsync($"{Base}/{next.Id}", new UpdatePriceRequest { EffectiveTo = Now.AddDays(9) });
        using var other = await http.SendTextAsync(HttpMethod.Put, path, """{"price":{"perRequest":2}}""");
        var shorter = await http.ReplaceAsync<PriceAnswer>(path, new UpdatePriceRequest { EffectiveTo = Now.AddDays(5) }, "\"v1\"");
        using var stale = await http.PutAsync(path, new UpdatePriceRequest { EffectiveTo = Now.AddDays(6) }, "\"v1\"");

        await past.ShouldFaultAsync("effectiveTo");
        (await longer.ShouldFaultAsync("effectiveTo")).ToString().ShouldContain(next.Id.ToString());
        await open.ShouldFaultAsync("effectiveTo");
        (await backwards.ShouldFaultAsync("effectiveTo")).ToString().ShouldContain("after effectiveFrom");
        await other.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest);
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        (await control.PlatformDocumentAsync()).Prices.Single(p => p.Id == price.Id).EffectiveTo.ShouldBe(shorter.EffectiveTo);
        await http.RemoveAsync($"{Base}/{next.Id}");
        (await http.ReplaceAsync<PriceAnswer>(path, new UpdatePriceRequest())).EffectiveTo.ShouldBeNull();
        (await control.PlatformDocumentAsync()).Prices.Where(p => p.Model == model).ShouldHaveSingleItem().EffectiveTo.ShouldBeNull();
    }

    [Fact]
    public async Task What_may_have_been_charged_is_neither_deleted_nor_revived()
    {
        using var http = await control.OperatorAsync();
        var begun = await MakeAsync(http, Base, Model(), Now.AddDays(-1));
        var ended = await MakeAsync(http, Base, Model(), Now.AddDays(-20), Now.AddDays(-10));

        using var delete = await http.DeleteAsync($"{Base}/{begun.Id}", Cancel);
        using var revive = await http.PutAsync($"{Base}/{ended.Id}", new UpdatePriceRequest { EffectiveTo = Now.AddDays(1) });

        await delete.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse);
        await revive.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.InUse);
    }

    [Fact]
    public async Task A_price_that_ended_is_left_out_after_two_days()
    {
        var (tenant, _) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var model = Model();
        await MakeAsync(http, Own(tenant), model, Now.AddDays(-20), Now.AddDays(-3));
        var late = await MakeAsync(http, Own(tenant), model, Now.AddDays(-3), Now.AddDays(-1));
        var next = await MakeAsync(http, Own(tenant), model, Now.AddDays(3));

        (await control.DocumentAsync(tenant)).Prices.Select(p => p.Id).ShouldBe([late.Id, next.Id]);
        (await http.GetAsync<Page<PriceAnswer>>(Own(tenant))).Items.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_tenant_that_is_not_there_has_no_prices_and_a_tenant_sets_none()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();

        using var nobody = await http.PostAsync(Own(TenantId.New()), Request(Model(), Now, null));
        using var own = await admin.PostAsync(Own(tenant), Request(Model(), Now, null));
        using var atBase = await admin.PostAsync(Base, Request(Model(), Now, null));

        await nobody.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await own.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        await atBase.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        (await control.Database.InPlatformAsync((db, ct) => db.Prices.CountAsync(p => p.TenantId == tenant, ct), Cancel)).ShouldBe(0);
    }

    private static async Task<IReadOnlyList<PriceAnswer>> HeldAsync(HttpClient http, TenantId tenant, string model, DateTimeOffset at) =>
        [.. (await http.GetAsync<Page<PriceAnswer>>($"/api/v1/tenants/{tenant}/prices?limit=200&at={Uri.EscapeDataString(at.ToString("O"))}")).Items.Where(p => p.Model == model)];

    private static Task<PriceAnswer> MakeAsync(
        HttpClient http, string path, string model, DateTimeOffset from, DateTimeOffset? to = null, string currency = "EUR", decimal inputPerMillion = 1) =>
        http.CreateAsync<PriceAnswer>(path, Request(model, from, to) with { Currency = currency, Price = new(InputPerMillion: inputPerMillion) });

    private static PriceRequest Request(string model, DateTimeOffset from, DateTimeOffset? to) =>
        new() { Model = model, Currency = "EUR", Price = new(PerRequest: 0.000001m), EffectiveFrom = from, EffectiveTo = to };

    private static string Model() => "m-" + Guid.NewGuid().ToString("N");

    private static string Own(TenantId tenant) => $"/api/v1/operator/tenants/{tenant}/prices";
}
