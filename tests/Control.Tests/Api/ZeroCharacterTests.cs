using System.Net;
using Platform.Contracts.Api;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Api;

/// <summary>PostgreSQL keeps no U+0000 in a text: a request that brings one is told in which of its members.</summary>
public sealed class ZeroCharacterTests(ControlApp control) : IClassFixture<ControlApp>
{
    [Theory]
    [InlineData("projects", """{"name":"a\u0000b"}""", "name")]
    [InlineData("projects", """{"name":"\u0000","name2":["x",["\u0000"]]}""", "name", "name2[1][0]")]
    [InlineData("pools", """{"name":"p","endpoints":[{"url":"https://models.example.com"},{"url":"https://models.example.com/\u0000"}]}""", "endpoints[1].url")]
    [InlineData("guardrail-policies", """{"name":"g","spec":{"rules":[{"name":"r","phase":"input","action":"block","message":"\u0000","detectors":[{"type":"email","options":{"a\u0000":1}}]}]}}""", "spec.rules[0].message", "spec.rules[0].detectors[0].options")]
    public async Task Each_text_that_holds_it_is_named_by_its_path(string path, string body, params string[] paths)
    {
        var (tenant, admin) = await control.TenantAsync();

        using var answer = await admin.SendTextAsync(HttpMethod.Post, $"/api/v1/tenants/{tenant}/{path}", body);

        await answer.ShouldFaultAsync(paths);
        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task Its_escape_in_a_text_that_is_escaped_itself_is_a_text_like_others()
    {
        var (tenant, admin) = await control.TenantAsync();

        using var answer = await admin.SendTextAsync(HttpMethod.Post, $"/api/v1/tenants/{tenant}/projects", """{"name":"a\\u0000b"}""");

        (await answer.ShouldBeAsync<ProjectAnswer>(HttpStatusCode.Created)).Name.ShouldBe(@"a\u0000b");
    }
}
