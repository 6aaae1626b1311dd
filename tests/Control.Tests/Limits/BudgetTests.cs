using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Limits;

public sealed class BudgetTests(ControlApp control) : IClassFixture<ControlApp>
{
    [Fact]
    public async Task A_name_is_taken_on_the_side_that_set_it_only()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        object body = new { name = "month", scope = "tenant", amount = 10, currency = "EUR", window = "month" };
        await admin.CreateAsync<BudgetAnswer>($"/api/v1/tenants/{tenant}/budgets", body);

        await http.CreateAsync<BudgetAnswer>($"/api/v1/operator/tenants/{tenant}/budgets", body);

        (await control.DocumentAsync(tenant)).Budgets.Select(b => b.Name).ShouldBe(["month", "month"]);
        (await admin.GetAsync<Page<BudgetAnswer>>($"{Path(tenant)}?q=MONTH&sort=name&scope=tenant")).Items.Count.ShouldBe(2);
        using var twice = await admin.PostAsync($"/api/v1/tenants/{tenant}/budgets", body);
        using var again = await http.PostAsync($"/api/v1/operator/tenants/{tenant}/budgets", body);
        foreach (var taken in new[] { twice, again })
            await taken.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
    }

    [Fact]
    public async Task A_budget_is_made_with_defaults_changed_and_deleted_and_agents_get_each_change()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var request = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), """{"name":"team","amount":100.50,"currency":"EUR"}""");

        var made = await request.ShouldBeAsync<BudgetAnswer>(HttpStatusCode.Created);
        made.Thresholds.ShouldBe([50, 80, 100]);
        (made.Window, made.TimeZone, made.HardStop, made.SetBy, made.Version).ShouldBe(("month", "UTC", false, "tenant", 1));
        JsonSerializer.Serialize(await admin.GetAsync<BudgetAnswer>($"{Path(tenant)}/{made.Id}")).ShouldBe(JsonSerializer.Serialize(made));
        var entry = (await control.DocumentAsync(tenant)).Budgets.ShouldHaveSingleItem();
        (entry.Id, entry.Name, entry.Amount, entry.Currency, entry.TimeZone).ShouldBe((made.Id, "team", 100.5m, "EUR", "UTC"));

        await admin.ReplaceAsync<BudgetAnswer>($"{Path(tenant)}/{made.Id}", new UpdateBudgetRequest
        {
            Name = "squad",
            Amount = 999_999_999_999.999999m,
            Currency = "JPY",
            Window = BudgetWindows.Quarter,
            TimeZone = "Europe/Berlin",
            Thresholds = [1, 1000],
            HardStop = true,
        }, "\"v1\"");
        var changed = (await control.DocumentAsync(tenant)).Budgets.Single();
        (changed.Name, changed.Amount, changed.Currency, changed.Window, changed.TimeZone, changed.HardStop)
            .ShouldBe(("squad", 999_999_999_999.999999m, "JPY", "quarter", "Europe/Berlin", true));
        changed.Thresholds.ShouldBe([1, 1000]);

        await admin.RemoveAsync($"{Path(tenant)}/{made.Id}");
        (await control.DocumentAsync(tenant)).Budgets.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("name", "\"\"")]
    [InlineData("name", null)]
    [InlineData("scope", "\"all\"")]
    [InlineData("amount", "0")]
    [InlineData("amount", "-1")]
    [InlineData("amount", null)]
    [InlineData("amount", "1000000000000")]
    [InlineData("amount", "0.0000001")]
    [InlineData("currency", "\"eur\"")]
    [InlineData("currency", "\"DEM\"")]
    [InlineData("currency", "\"XAU\"")]
    [InlineData("currency", null)]
    [InlineData("window", "\"year\"")]
    [InlineData("timeZone", "\"Europe/Atlantis\"")]
    [InlineData("timeZone", "\"europe/berlin\"")]
    [InlineData("timeZone", "\"W. Europe Standard Time\"")]
    [InlineData("timeZone", "\"../UTC\"")]
    [InlineData("timeZone", "\"localtime\"")]
    [InlineData("timeZone", "\"\"")]
    [InlineData("thresholds", "[]")]
    [InlineData("thresholds", "[80,50]")]
    [InlineData("thresholds", "[50,50]")]
    [InlineData("thresholds", "[0]")]
    [InlineData("thresholds", "[1001]")]
    [InlineData("thresholds", "[1,2,3,4,5,6,7,8,9]")]
    [InlineData("thresholds", "null")]
    [InlineData("scopeId", "\"01965d3a-7c1e-7b42-9f7e-3f0a5b1c2d3e\"")]
    public async Task A_fault_is_named_by_its_path(string member, string? value)
    {
        var (tenant, admin) = await control.TenantAsync();
        var good = JsonNode.Parse("""{"name":"b","amount":1,"currency":"EUR"}""")!.AsObject();
        good.Remove(member);
        if (value is not null)
            good[member] = JsonNode.Parse(value);

        using var answer = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), good.ToJsonString());

        await answer.ShouldFaultAsync(member);
    }

    [Fact]
    public async Task All_faults_are_named_at_once_and_also_of_a_change()
    {
        var (tenant, admin) = await control.TenantAsync();
        const string bad = """{"name":"","amount":-1,"currency":"???","window":"never","timeZone":"here","thresholds":[3,2]}""";

        using var create = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), bad);
        using var update = await admin.SendTextAsync(HttpMethod.Put, $"{Path(tenant)}/{Guid.NewGuid()}", bad);

        foreach (var answer in new[] { create, update })
            await answer.ShouldFaultAsync("name", "amount", "currency", "window", "timeZone", "thresholds");
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/budgets";
}
