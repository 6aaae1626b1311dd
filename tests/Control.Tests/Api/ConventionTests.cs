using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Validation;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Api;

/// <summary>What holds for every endpoint: bodies are validated, failures are problem details, the document lists them.</summary>
public sealed class ConventionTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> ApiEndpoints => control.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal));

    [Fact]
    public void Every_body_is_known_to_validation()
    {
#pragma warning disable ASP0029
        var options = control.Services.GetRequiredService<IOptions<ValidationOptions>>().Value;
        var bodies = ApiEndpoints.Select(e => e.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType).OfType<Type>().Distinct().ToList();

        bodies.Count.ShouldBeGreaterThan(4);
        foreach (var body in bodies)
            options.TryGetValidatableTypeInfo(body, out _).ShouldBeTrue(body.Name);
#pragma warning restore ASP0029
    }

    [Fact]
    public async Task Every_wrong_member_is_named_in_one_answer()
    {
        var (tenant, admin) = await control.TenantAsync();

        using var answer = await admin.PostAsync(
            $"/api/v1/tenants/{tenant}/pools", new { name = "", engine = "steam", endpoints = new[] { new { url = "" } } });

        var errors = (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(["name", "engine", "endpoints[0].url"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    public async Task A_limit_out_of_bounds_is_refused(string query)
    {
        using var http = await control.OperatorAsync();

        using var answer = await http.GetAsync("/api/v1/tenants" + query, Cancel);

        await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest)]
    [InlineData("", "application/json", HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest)]
    [InlineData("""{"name":"a","name":"b"}""", "application/json", HttpStatusCode.BadRequest, ProblemCodes.MalformedRequest)]
    [InlineData("name=a", "text/plain", HttpStatusCode.UnsupportedMediaType, ProblemCodes.UnsupportedMediaType)]
    public async Task A_body_that_cannot_be_read_is_the_callers_fault(string body, string type, HttpStatusCode status, string code)
    {
        var (tenant, admin) = await control.TenantAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);

        using var answer = await admin.PostAsync($"/api/v1/tenants/{tenant}/projects", content, Cancel);

        var problem = await answer.ShouldBeProblemAsync(status, code);
        problem.ToString().ShouldNotContain("Exception");
        problem.ToString().ShouldNotContain("Platform.");
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_not_allowed_are_problems_too()
    {
        using var http = await control.OperatorAsync();

        using var nowhere = await http.GetAsync("/api/v1/nothing", Cancel);
        using var method = await http.DeleteAsync("/api/v1/tenants", Cancel);
        using var cursor = await http.GetAsync("/api/v1/tenants?cursor=x", Cancel);

        await nowhere.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await method.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, ProblemCodes.MethodNotAllowed);
        await cursor.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
    }

    [Fact]
    public async Task The_document_lists_every_endpoint_and_how_to_get_in()
    {
        using var http = control.Anonymous();

        var document = await http.GetAsync<JsonElement>("/openapi/v1.json");

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => (path.Name, Method: o.Name.ToUpperInvariant(), o.Value)))
            .ToList();
        foreach (var endpoint in ApiEndpoints)
        {
            var path = endpoint.RoutePattern.RawText!.TrimEnd('/');
            var method = endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0];
            operations.ShouldContain(o => o.Name == path && o.Method == method, $"{method} {path}");
        }
        operations.Where(o => o.Name.StartsWith("/api/", StringComparison.Ordinal)).ShouldAllBe(o => o.Value.GetProperty("security").GetArrayLength() == 1);
        operations.ShouldAllBe(o => o.Value.GetProperty("operationId").GetString() != "");
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("oauth2").GetProperty("type").GetString().ShouldBe("oauth2");
    }

    [Fact]
    public void Every_body_type_is_public()
    {
        var bodies = ApiEndpoints.SelectMany(e => e.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            .Select(p => p.ParameterType)
            .Where(t => t.Name.EndsWith("Request", StringComparison.Ordinal) && t.Namespace!.StartsWith("Platform.", StringComparison.Ordinal));

        bodies.ShouldAllBe(t => t.IsPublic);
    }
}
