using System.Text;
using Platform.Contracts.Configuration;

namespace Platform.Gateway.Tests.World;

/// <summary>Requests with headers of a test's choice, and answers read whole.</summary>
internal static class KeyedRequests
{
    public static async Task<WholeAnswer> AskAsync(
        this TestTenant tenant, string body, string? idempotencyKey = null, string path = "/v1/chat/completions", string? apiKey = null,
        GatewayHost? gateway = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", apiKey ?? tenant.Key);
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var token = TestContext.Current.CancellationToken;
        using var response = await (gateway ?? tenant.Gateway).Http.SendAsync(request, token);
        var bytes = await response.Content.ReadAsByteArrayAsync(token);
        return new(
            (int)response.StatusCode, bytes,
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A tenant whose document the test changes before it is in force.</summary>
    public static async Task<TestTenant> TenantAsync(this GatewayFixture world, Func<TenantDocument, TenantDocument> change, string engine, params Uri[] endpoints)
    {
        var tenant = new TestTenant(world.Control, world.Gateway);
        var pool = tenant.Pool(engine, endpoints);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(change(tenant.Document(tenant.ModelOn(pool))));
        await world.Gateway.ReachAsync(world.Control);
        return tenant;
    }
}

internal sealed record WholeAnswer(int Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
