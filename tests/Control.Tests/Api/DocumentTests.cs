using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Api;

/// <summary>The description of the API is complete, true, and seen in review when it changes.</summary>
public sealed class DocumentTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_description_is_the_one_that_was_reviewed()
    {
        var text = JsonSerializer.Serialize(await DocumentAsync(), Indented);

        await Snapshots.HoldsAsync("docs/openapi.json", text.Replace(control.Url.ToString(), "https://control.example.com/", StringComparison.Ordinal) + "\n", Cancel);
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_a_tag_its_errors_and_examples()
    {
        var faults = new List<string>();
        foreach (var (name, operation) in await OperationsAsync())
        {
            foreach (var member in new[] { "operationId", "summary" })
            {
                if (!operation.TryGetProperty(member, out var text) || string.IsNullOrWhiteSpace(text.GetString()))
                    faults.Add($"{name}: no {member}");
            }
            if (!operation.TryGetProperty("tags", out var tags) || tags.GetArrayLength() != 1 || tags[0].GetString() == "Platform.Control")
                faults.Add($"{name}: not one tag");
            var responses = operation.GetProperty("responses").EnumerateObject().ToList();
            foreach (var status in new[] { "2", "401", "403" }.Where(s => !responses.Any(r => r.Name.StartsWith(s, StringComparison.Ordinal))))
                faults.Add($"{name}: no {status}");
            if (Bodies(operation, responses).Any(m => !m.TryGetProperty("example", out _)))
                faults.Add($"{name}: a body without an example");
        }

        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("RevokeInvitation", "If-Match")]
    [InlineData("TestPool", "Idempotency-Key")]
    public async Task A_header_that_a_write_has_no_use_for_is_not_offered(string name, string header)
    {
        var operation = (await OperationsAsync()).Single(o => o.Operation.GetProperty("operationId").GetString() == name).Operation;

        operation.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldNotContain(header);
    }

    [Fact]
    public async Task The_names_of_operations_are_distinct()
    {
        var names = (await OperationsAsync()).Select(o => o.Operation.GetProperty("operationId").GetString()).ToList();

        names.Distinct().Count().ShouldBe(names.Count);
    }

    [Fact]
    public async Task Every_example_of_a_body_has_the_shape_that_is_asked_for()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await control.CallerAsync(OperatorRoles.Operator, tenant, TenantRoles.Owner);
        var endpoints = RightsTable.Endpoints(control.Services.GetRequiredService<EndpointDataSource>()).ToDictionary(RightsTable.NameOf);
        var faults = new List<string>();
        foreach (var (name, operation) in await OperationsAsync())
        {
            if (!operation.TryGetProperty("requestBody", out var body) || !body.GetProperty("content").TryGetProperty("application/json", out var media))
                continue;
            using var request = Request(endpoints[name], tenant, media.GetProperty("example").GetRawText());
            using var answer = await owner.SendAsync(request, Cancel);
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.InternalServerError)
                faults.Add($"{name}: {await answer.Content.ReadAsStringAsync(Cancel)}");
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_pages_of_the_description_come_from_here_alone()
    {
        using var http = control.Anonymous();

        using var answer = await http.GetAsync("/docs/", Cancel);

        var html = await answer.ShouldHaveTextAsync(HttpStatusCode.OK);
        html.ShouldContain("openapi/v1.json");
        html.ShouldNotContain("https://");
    }

    private static HttpRequestMessage Request(RouteEndpoint endpoint, TenantId tenant, string body)
    {
        var path = RightsTable.PathOf(endpoint).Replace("{tenantId}", tenant.ToString(), StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var open and >= 0)
            path = path[..open] + Guid.NewGuid() + path[(path.IndexOf('}', open) + 1)..];
        var request = new HttpRequestMessage(RightsTable.MethodOf(endpoint), path + "?dryRun=true") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return request;
    }

    private static IEnumerable<JsonElement> Bodies(JsonElement operation, IEnumerable<JsonProperty> responses)
    {
        var parts = responses.Select(r => r.Value).ToList();
        if (operation.TryGetProperty("requestBody", out var body))
            parts.Add(body);
        return parts.Where(p => p.TryGetProperty("content", out _)).Select(p => p.GetProperty("content"))
            .Where(c => c.TryGetProperty("application/json", out _)).Select(c => c.GetProperty("application/json"));
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var http = control.Anonymous();
        return await http.GetAsync<JsonElement>("/openapi/v1.json");
    }

    private async Task<List<(string Name, JsonElement Operation)>> OperationsAsync() =>
    [
        .. (await DocumentAsync()).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => ($"{o.Name.ToUpperInvariant()} {path.Name}", o.Value))),
    ];
}
