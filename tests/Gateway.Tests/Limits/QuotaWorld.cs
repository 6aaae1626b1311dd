using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Gateway.Limits;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests.Limits;

/// <summary>Tenants with quotas behind a real gateway.</summary>
internal static class QuotaWorld
{
    public const string Answer =
        """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":20}}""";

    public const string Events =
        "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":20}}\n\ndata: [DONE]\n\n";

    public static QuotaEntry OfTenant(QuotaSpec limits) => new(Guid.NewGuid(), LimitScopes.Tenant, null, null, limits);

    public static Task<TestTenant> TenantAsync(this GatewayFixture world, Uri endpoint, params QuotaEntry[] quotas) =>
        world.TenantAsync(d => d with { Quotas = quotas }, "vllm", endpoint);

    /// <summary>Puts other quotas in the place of the tenant's.</summary>
    public static async Task SetAsync(this GatewayFixture world, TestTenant tenant, params QuotaEntry[] quotas)
    {
        tenant.Put(tenant.Document([.. world.Gateway.Snapshot!.Tenants[tenant.Id].Models.All]) with { Quotas = quotas });
        await world.Gateway.ReachAsync(world.Control);
    }

    /// <summary>Waits for a moment that leaves enough of its minute for a test.</summary>
    public static Task MinuteAsync() => Until.TrueAsync(() => TimeProvider.System.GetUtcNow().Second < 45);

    public static string BodyOf(TestTenant tenant, int most, bool stream = false) =>
        $$"""{"model":"{{tenant.Model}}","messages":[{"role":"user","content":"hello"}],"max_tokens":{{most}}{{(stream ? ",\"stream\":true" : "")}}}""";

    public static long? Number(this WholeAnswer answer, string header) =>
        answer.Header(header) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>What is left, as the answer has it.</summary>
    public static (long? Requests, long? Tokens) Left(this WholeAnswer answer) =>
        (answer.Number("x-ratelimit-remaining-requests"), answer.Number("x-ratelimit-remaining-tokens"));

    /// <summary>What is left of the tenant's first quota.</summary>
    public static (long? Requests, long? Tokens) Left(this GatewayFixture world, TestTenant tenant)
    {
        var quota = world.Gateway.Snapshot!.Tenants[tenant.Id].Policies.Quotas[0];
        var state = world.Gateway.Services.GetRequiredService<QuotaStates>().Of(quota.Id, tenant.Id);
        var (requests, tokens) = state.Stand(quota.Limits, TimeProvider.System.GetUtcNow());
        return (requests?.Remaining, tokens?.Remaining);
    }
}
