using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Api;

/// <summary>JSON can say <c>null</c> where C# says there is none: in each list of each body, as the description has them.</summary>
public sealed class NullItemTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_with_null_in_it_is_the_callers_fault()
    {
        var (tenant, _) = await control.TenantAsync();
        using var owner = await control.CallerAsync(OperatorRoles.Operator, tenant, TenantRoles.Owner);
        using var anonymous = control.Anonymous();
        var document = await anonymous.GetAsync<JsonElement>("/openapi/v1.json");
        var surprises = new List<string>();
        var tried = 0;
        foreach (var endpoint in RightsTable.Endpoints(control.Services.GetRequiredService<EndpointDataSource>()))
        {
            if (Example(document, endpoint) is not { } example)
                continue;
            foreach (var (path, body) in WithNulls(example))
            {
                using var request = Request(endpoint, tenant, body);
                using var answer = await owner.SendAsync(request, Cancel);
                tried++;
                if ((int)answer.StatusCode is not (>= 400 and < 500) || answer.StatusCode == HttpStatusCode.Forbidden)
                    surprises.Add($"{RightsTable.NameOf(endpoint)} {path}: {(int)answer.StatusCode}");
            }
        }

        surprises.ShouldBeEmpty();
        tried.ShouldBeGreaterThan(10);
    }

    private static JsonNode? Example(JsonElement document, RouteEndpoint endpoint) =>
        document.GetProperty("paths").TryGetProperty(RightsTable.PathOf(endpoint), out var path)
        && path.TryGetProperty(RightsTable.MethodOf(endpoint).Method.ToLowerInvariant(), out var operation)
        && operation.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").TryGetProperty("application/json", out var media)
            ? JsonNode.Parse(media.GetProperty("example").GetRawText())
            : null;

    /// <summary>The body once for each of its lists, with null as that list's only item.</summary>
    private static IEnumerable<(string Path, string Body)> WithNulls(JsonNode example)
    {
        foreach (var path in Lists(example).Select(l => l.GetPath()).ToList())
        {
            var copy = example.DeepClone();
            var list = Lists(copy).Single(l => l.GetPath() == path);
            list.Clear();
            list.Add(null);
            yield return (path, copy.ToJsonString());
        }
    }

    private static IEnumerable<JsonArray> Lists(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Lists).Prepend(list),
        JsonObject members => members.SelectMany(m => Lists(m.Value)),
        _ => [],
    };

    private static HttpRequestMessage Request(RouteEndpoint endpoint, TenantId tenant, string body)
    {
        var path = RightsTable.PathOf(endpoint).Replace("{tenantId}", tenant.ToString(), StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var open and >= 0)
            path = path[..open] + Guid.NewGuid() + path[(path.IndexOf('}', open) + 1)..];
        var request = new HttpRequestMessage(RightsTable.MethodOf(endpoint), path + "?dryRun=true") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return request;
    }
}
