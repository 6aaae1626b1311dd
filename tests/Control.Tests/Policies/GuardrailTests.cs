using System.Net;
using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Policies;

public sealed class GuardrailTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string EveryDetector = """
        {"rules":[
          {"name":"people","phase":"both","action":"redact","roles":["user","tool"],"detectors":[
            {"type":"email"},{"type":"phone"},{"type":"credit-card"},{"type":"iban"},{"type":"us-ssn"},{"type":"ip-address"},{"type":"url"},
            {"type":"date-of-birth"},{"type":"driving-licence"},{"type":"passport"},{"type":"crypto-wallet"},{"type":"secret","options":{}},
            {"type":"denied-terms","options":{"terms":["Project X"]}},{"type":"regex","options":{"pattern":"\\bACME-[0-9]{4}\\b"}}]},
          {"name":"attacks","phase":"input","action":"block","threshold":0.8,"message":"No.","detectors":[{"type":"prompt-injection"}]},
          {"name":"shape","phase":"output","action":"flag","detectors":[
            {"type":"size","options":{"maxCharacters":1000}},{"type":"language","options":{"allowed":["en","de"]}},
            {"type":"allowed-tools","options":{"names":["search"]}},{"type":"json-schema","options":{"schema":{"type":"object"}}},
            {"type":"external","options":{"url":"https://guard.example.com/check","timeoutMilliseconds":500,"onFailure":"closed"}}]}
        ]}
        """;

    [Fact]
    public async Task A_policy_with_every_detector_is_stored_as_written_and_reaches_agents()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var create = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), $$"""{"name":"all","order":7,"spec":{{EveryDetector}}}""");

        var made = await create.ShouldBeAsync<GuardrailPolicyAnswer>(HttpStatusCode.Created);
        (made.Name, made.Enabled, made.Order, made.Floor, made.Version).ShouldBe(("all", true, 7, false, 1));
        Same(await admin.GetAsync<GuardrailPolicyAnswer>($"{Path(tenant)}/{made.Id}"), made);
        var entry = (await control.DocumentAsync(tenant)).Guardrails.ShouldHaveSingleItem();
        (entry.Id, entry.Name, entry.Order).ShouldBe((made.Id, "all", 7));
        entry.Spec.Rules.SelectMany(r => r.Detectors).Count().ShouldBe(20);
        var pattern = entry.Spec.Rules[0].Detectors[13].Options!.Value.GetProperty("pattern").GetString();
        pattern.ShouldBe(@"\bACME-[0-9]{4}\b");
        entry.Spec.Rules[1].ShouldSatisfyAllConditions(r => r.Threshold.ShouldBe(0.8), r => r.Message.ShouldBe("No."));
    }

    [Fact]
    public async Task Agents_get_the_policies_that_are_on_in_their_order()
    {
        var (tenant, admin) = await control.TenantAsync();
        var second = await MakeAsync(admin, tenant, "b", 2);
        await MakeAsync(admin, tenant, "c", 1);
        await MakeAsync(admin, tenant, "a", 2);
        await MakeAsync(admin, tenant, "off", 0, enabled: false);
        (await NamesAsync(tenant)).ShouldBe(["c", "a", "b"]);

        await admin.ReplaceAsync<GuardrailPolicyAnswer>($"{Path(tenant)}/{second.Id}", Body("b", 0, true), "\"v1\"");
        (await NamesAsync(tenant)).ShouldBe(["b", "c", "a"]);
        await admin.ReplaceAsync<GuardrailPolicyAnswer>($"{Path(tenant)}/{second.Id}", Body("b", 0, false), "\"v2\"");
        (await NamesAsync(tenant)).ShouldBe(["c", "a"]);
        await admin.RemoveAsync($"{Path(tenant)}/{second.Id}");

        (await admin.GetAsync<Page<GuardrailPolicyAnswer>>($"{Path(tenant)}?sort=name")).Items.Where(g => !g.Floor).Select(g => g.Name).ShouldBe(["a", "c", "off"]);
        using var taken = await admin.PostAsync(Path(tenant), Body("a", 1, true));
        await taken.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
    }

    [Fact]
    public async Task The_platforms_policies_are_the_floor_which_tenants_read_and_only_its_own_document_carries()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        var before = await control.RevisionAsync(tenant);

        var floor = await MakeAsync(http, TenantId.Platform, "floor", 1);
        var off = await MakeAsync(http, TenantId.Platform, "floor that is off", 1, enabled: false);

        (await control.PlatformDocumentAsync()).Guardrails.Select(g => g.Id).ShouldBe([floor.Id]);
        (await control.RevisionAsync(tenant)).ShouldBe(before);
        var listed = (await admin.GetAsync<Page<GuardrailPolicyAnswer>>(Path(tenant))).Items.ShouldHaveSingleItem();
        (listed.Id, listed.Floor).ShouldBe((floor.Id, true));
        Same(await admin.GetAsync<GuardrailPolicyAnswer>($"{Path(tenant)}/{floor.Id}"), floor);
        (await http.GetAsync<Page<GuardrailPolicyAnswer>>(Path(TenantId.Platform))).Items.Select(g => g.Id).ShouldBe([floor.Id, off.Id]);
        using var put = await admin.PutAsync($"{Path(tenant)}/{floor.Id}", Body("mine", 1, false));
        using var delete = await admin.DeleteAsync($"{Path(tenant)}/{floor.Id}", TestContext.Current.CancellationToken);
        using var hidden = await admin.PutAsync($"{Path(tenant)}/{off.Id}", Body("mine", 1, false));
        await put.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        await delete.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        await hidden.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await http.RemoveAsync($"{Path(TenantId.Platform)}/{floor.Id}");
        (await control.PlatformDocumentAsync()).Guardrails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_policy_of_another_tenant_is_unknown()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, theirs) = await control.TenantAsync();
        var made = await MakeAsync(theirs, other, "theirs", 1);

        using var read = await admin.GetAsync($"{Path(tenant)}/{made.Id}", TestContext.Current.CancellationToken);
        using var put = await admin.PutAsync($"{Path(tenant)}/{made.Id}", Body("mine", 1, true));

        await read.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await put.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task There_are_fifty_policies_at_most()
    {
        var (tenant, admin) = await control.TenantAsync();
        for (var i = 0; i < 50; i++)
            await MakeAsync(admin, tenant, $"p{i}", i);

        using var more = await admin.PostAsync(Path(tenant), Body("one more", 1, true));

        await more.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.LimitReached);
    }

    private async Task<List<string>> NamesAsync(TenantId tenant) => [.. (await control.DocumentAsync(tenant)).Guardrails.Select(g => g.Name)];

    private static Task<GuardrailPolicyAnswer> MakeAsync(HttpClient http, TenantId tenant, string name, int order, bool enabled = true) =>
        http.CreateAsync<GuardrailPolicyAnswer>(Path(tenant), Body(name, order, enabled));

    private static GuardrailPolicyRequest Body(string name, int order, bool enabled) => new()
    {
        Name = name,
        Order = order,
        Enabled = enabled,
        Spec = new() { Rules = [new("r", "input", "flag", [new("email")])] },
    };

    private static void Same(GuardrailPolicyAnswer actual, GuardrailPolicyAnswer expected) =>
        JsonElement.DeepEquals(JsonSerializer.SerializeToElement(actual), JsonSerializer.SerializeToElement(expected)).ShouldBeTrue();

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/guardrail-policies";
}
