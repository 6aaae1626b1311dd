using System.Text.Json.Nodes;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Policies;

/// <summary>What can be wrong with a guardrail policy, by a table: each case and the paths that are named.</summary>
public sealed class GuardrailFaultTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Detector = "spec.rules[0].detectors[0]";

    /// <summary>A detector in a rule that blocks.</summary>
    [Theory]
    [InlineData("null", "type")]
    [InlineData("{}", "type")]
    [InlineData("""{"type":"Email"}""", "type")]
    [InlineData("""{"type":"magic"}""", "type")]
    [InlineData("""{"type":"email","options":{"x":1}}""", "options.x")]
    [InlineData("""{"type":"email","options":[]}""", "options")]
    [InlineData("""{"type":"secret","options":"x"}""", "options")]
    [InlineData("""{"type":"denied-terms"}""", "options.terms")]
    [InlineData("""{"type":"denied-terms","options":{"terms":[]}}""", "options.terms")]
    [InlineData("""{"type":"denied-terms","options":{"terms":"a"}}""", "options.terms")]
    [InlineData("""{"type":"denied-terms","options":{"terms":["ok","",1,null],"more":true}}""", "options.terms[1]", "options.terms[2]", "options.terms[3]", "options.more")]
    [InlineData("""{"type":"denied-terms","options":{"terms":["a\u0000b"]}}""", "options.terms[0]")]
    [InlineData("""{"type":"denied-terms","options":{"terms":["\ud800"]}}""", "options")]
    [InlineData("""{"type":"regex","options":null}""", "options.pattern")]
    [InlineData("""{"type":"regex","options":{"pattern":1}}""", "options.pattern")]
    [InlineData("""{"type":"regex","options":{"pattern":"(a"}}""", "options.pattern")]
    [InlineData("""{"type":"regex","options":{"pattern":"(?=a)b"}}""", "options.pattern")]
    [InlineData("""{"type":"regex","options":{"pattern":"(a)\\1"}}""", "options.pattern")]
    [InlineData("""{"type":"regex","options":{"pattern":"((a{1000}){1000}){1000}"}}""", "options.pattern")]
    [InlineData("""{"type":"regex","options":{"pattern":"a*"}}""", "options.pattern")]
    [InlineData("""{"type":"prompt-injection","options":{"level":1}}""", "options.level")]
    [InlineData("""{"type":"size","options":{"maxCharacters":0}}""", "options.maxCharacters")]
    [InlineData("""{"type":"size","options":{"maxCharacters":1.5}}""", "options.maxCharacters")]
    [InlineData("""{"type":"size","options":{"maxCharacters":"1"}}""", "options.maxCharacters")]
    [InlineData("""{"type":"language","options":{"allowed":["en","EN","xx","eng",2]}}""", "options.allowed[1]", "options.allowed[2]", "options.allowed[3]", "options.allowed[4]")]
    [InlineData("""{"type":"allowed-tools","options":{"names":{}}}""", "options.names")]
    [InlineData("""{"type":"allowed-tools","options":{"names":[""]}}""", "options.names[0]")]
    [InlineData("""{"type":"json-schema","options":{"schema":true}}""", "options.schema")]
    [InlineData("""{"type":"json-schema"}""", "options.schema")]
    [InlineData("""{"type":"external"}""", "options.url", "options.timeoutMilliseconds", "options.onFailure")]
    [InlineData("""{"type":"external","options":{"url":"http://guard.example.com","timeoutMilliseconds":49,"onFailure":"maybe"}}""", "options.url", "options.timeoutMilliseconds", "options.onFailure")]
    [InlineData("""{"type":"external","options":{"url":"https://guard.example.com","timeoutMilliseconds":10001,"onFailure":1}}""", "options.timeoutMilliseconds", "options.onFailure")]
    public async Task A_detectors_fault_is_named(string detector, params string[] paths)
    {
        var (tenant, admin) = await control.TenantAsync();
        var body = $$$"""{"name":"p","spec":{"rules":[{"name":"r","phase":"input","action":"block","detectors":[{{{detector}}}]}]}}""";

        using var answer = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), body);

        await answer.ShouldFaultAsync(Array.ConvertAll(paths, p => $"{Detector}.{p}"));
    }

    [Theory]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://localhost/x")]
    [InlineData("https://10.0.0.1")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[::1]")]
    [InlineData("https://[::ffff:10.0.0.1]")]
    [InlineData("https://2130706433")]
    [InlineData("https://127.1")]
    [InlineData("https://guard.internal")]
    [InlineData("https://user:pass@guard.example.com")]
    [InlineData("https://guard.example.com?q=1")]
    [InlineData("https://guard.example.com/#x")]
    [InlineData("guard.example.com")]
    [InlineData("file:///etc/passwd")]
    public async Task An_external_detectors_address_is_held_to_the_rules_of_tenants_addresses(string url)
    {
        var (tenant, admin) = await control.TenantAsync();
        var options = new { url, timeoutMilliseconds = 50, onFailure = "closed" };

        using var answer = await admin.PostAsync(Path(tenant), Policy(Rule(detector: new { type = "external", options })));

        (await answer.ShouldFaultAsync($"{Detector}.options.url")).GetProperty("code").GetString().ShouldBe(ProblemCodes.UrlRefused);
    }

    [Theory]
    [InlineData("prompt-injection", "{}")]
    [InlineData("size", """{"maxCharacters":1}""")]
    [InlineData("language", """{"allowed":["en"]}""")]
    [InlineData("allowed-tools", """{"names":[]}""")]
    [InlineData("json-schema", """{"schema":{}}""")]
    [InlineData("external", """{"url":"https://guard.example.com","timeoutMilliseconds":50,"onFailure":"open"}""")]
    public async Task What_finds_no_part_of_a_text_cannot_redact(string type, string options)
    {
        var (tenant, admin) = await control.TenantAsync();
        var detector = new { type, options = JsonNode.Parse(options) };

        using var redact = await admin.PostAsync(Path(tenant), Policy(Rule(action: "redact", detector: detector)));
        using var flag = await admin.PostAsync($"{Path(tenant)}?dryRun=true", Policy(Rule(action: "flag", detector: detector)));

        await redact.ShouldFaultAsync("spec.rules[0].action");
        flag.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task All_faults_of_all_rules_are_named_at_once()
    {
        var (tenant, admin) = await control.TenantAsync();
        var body = $$$"""
            {"name":"p","spec":{"rules":[
              null,
              {"name":"a","phase":"sometimes","action":"ban","roles":["user","robot","user"],"detectors":[]},
              {"name":"","action":"block","phase":"both","threshold":1.5,"message":"{{{new string('m', 501)}}}","detectors":[{"type":"email"}]},
              {"name":"a","phase":"input","action":"redact","threshold":0.5,"detectors":[{"type":"email"},{"type":"regex","options":{"pattern":"["}}]}
            ]}}
            """;

        using var answer = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), body);

        await answer.ShouldFaultAsync(
            "spec.rules[0]",
            "spec.rules[1].phase", "spec.rules[1].action", "spec.rules[1].roles[1]", "spec.rules[1].roles", "spec.rules[1].detectors",
            "spec.rules[2].name", "spec.rules[2].threshold", "spec.rules[2].message",
            "spec.rules[3].name", "spec.rules[3].threshold", "spec.rules[3].detectors[1].options.pattern");
    }

    [Fact]
    public async Task Lists_that_are_too_long_or_empty_are_faults()
    {
        var (tenant, admin) = await control.TenantAsync();

        using var noRules = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), """{"name":"p","spec":{"rules":null}}""");
        using var noSpec = await admin.SendTextAsync(HttpMethod.Post, Path(tenant), """{"name":"","order":-1,"spec":null}""");
        using var rules = await admin.PostAsync(Path(tenant), Policy([.. Enumerable.Range(0, 51).Select(i => Rule(name: $"r{i}"))]));
        using var detectors = await admin.PostAsync(
            Path(tenant), new { name = "p", spec = new { rules = new[] { new { name = "r", phase = "input", action = "flag", detectors = Enumerable.Repeat(new { type = "email" }, 21) } } } });
        using var terms = await admin.PostAsync(
            Path(tenant), Policy(Rule(detector: new { type = "denied-terms", options = new { terms = Enumerable.Repeat("t", 10_001).Append(new string('t', 201)) } })));
        using var pattern = await admin.PostAsync(Path(tenant), Policy(Rule(detector: new { type = "regex", options = new { pattern = new string('x', 1001) } })));

        await noRules.ShouldFaultAsync("spec.rules");
        await noSpec.ShouldFaultAsync("name", "order", "spec");
        await rules.ShouldFaultAsync("spec.rules");
        await detectors.ShouldFaultAsync("spec.rules[0].detectors");
        await terms.ShouldFaultAsync($"{Detector}.options.terms");
        await pattern.ShouldFaultAsync($"{Detector}.options.pattern");
    }

    [Fact]
    public async Task Attachments_must_be_there_in_the_tenant_and_be_named_once()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, theirs) = await control.TenantAsync();
        var (project, key) = await Resources.ProjectAndKeyAsync(admin, tenant);
        var (foreign, foreignKey) = await Resources.ProjectAndKeyAsync(theirs, other);

        using var unknown = await admin.PostAsync(Path(tenant), new
        {
            name = "p",
            spec = new { projects = new[] { project.Id, foreign.Id }, keys = new[] { foreignKey.Id, key.Id }, models = new[] { "m", "not good", null }, rules = new[] { Rule() } },
        });
        using var twice = await admin.PostAsync(Path(tenant), new { name = "p", spec = new { models = new[] { "m", "m" }, rules = new[] { Rule() } } });

        var errors = (await unknown.ShouldFaultAsync("spec.projects[1]", "spec.keys[0]", "spec.models[1]", "spec.models[2]")).GetProperty("errors");
        errors.GetProperty("spec.projects[1]")[0].GetString().ShouldBe($"There is no project {foreign.Id}.");
        await twice.ShouldFaultAsync("spec.models");
    }

    [Fact]
    public async Task What_a_policy_is_attached_to_already_may_stay_when_it_is_gone()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (project, key) = await Resources.ProjectAndKeyAsync(admin, tenant);
        var body = new { name = "p", spec = new { projects = new[] { project.Id }, keys = new[] { key.Id }, rules = new[] { Rule() } } };
        var made = await admin.CreateAsync<GuardrailPolicyAnswer>(Path(tenant), body);
        using var revoked = await admin.PostAsync($"/api/v1/tenants/{tenant}/api-keys/{key.Id}/revoke", null, TestContext.Current.CancellationToken);
        revoked.IsSuccessStatusCode.ShouldBeTrue();
        await admin.RemoveAsync($"/api/v1/tenants/{tenant}/projects/{project.Id}");

        var kept = await admin.ReplaceAsync<GuardrailPolicyAnswer>($"{Path(tenant)}/{made.Id}", body with { name = "q" });

        // Without it, the policy would hold for the whole tenant.
        (kept.Spec.Projects, kept.Spec.Keys).ShouldSatisfyAllConditions(s => s.Projects.ShouldBe([project.Id]), s => s.Keys.ShouldBe([key.Id]));
        using var fresh = await admin.PostAsync(Path(tenant), body with { name = "r" });
        await fresh.ShouldFaultAsync("spec.projects[0]", "spec.keys[0]");
        await admin.ReplaceAsync<GuardrailPolicyAnswer>($"{Path(tenant)}/{made.Id}", new { name = "q", spec = new { rules = new[] { Rule() } } });
        using var again = await admin.PutAsync($"{Path(tenant)}/{made.Id}", body);
        await again.ShouldFaultAsync("spec.projects[0]", "spec.keys[0]");
    }

    private static object Policy(params object[] rules) => new { name = "p", spec = new { rules } };

    private static object Rule(string name = "r", string action = "block", object? detector = null) =>
        new { name, phase = "input", action, detectors = new[] { detector ?? new { type = "email" } } };

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/guardrail-policies";
}
