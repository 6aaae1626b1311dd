using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Gateway.Tests.World;

/// <summary>A tenant of a test's own, with a key, and a model behind endpoints of the test's choice.</summary>
internal sealed class TestTenant(FakeControl control, GatewayHost gateway)
{
    public TenantId Id { get; } = TenantId.New();

    public string Key { get; } = ApiKeyFormat.Generate();

    public string Model { get; init; } = "some/model-1";

    public string Slug => "tenant-" + Id.Value.ToString("N")[..8];

    public GatewayHost Gateway => gateway;

    public ApiKeyEntry KeyEntry(string? key = null, DateTimeOffset? expires = null)
    {
        ApiKeyFormat.TryGetPrefix(key ?? Key, out var prefix).ShouldBeTrue();
        return new(ApiKeyId.New(), ProjectId.New(), prefix, "p1", ApiKeyFormat.Hash(key ?? Key, control.Pepper), expires);
    }

    public void PutKeys(params ApiKeyEntry[] keys) =>
        control.Put(ConfigKinds.KeyShard, $"{Id}/0", Id, new KeyShardDocument { TenantId = Id, Keys = keys });

    public PoolDocument Pool(string engine, params Uri[] urls) => new()
    {
        Id = PoolId.New(),
        TenantId = Id,
        Name = "pool",
        Engine = engine,
        AllowPrivateNetworks = true,
        Endpoints = [.. urls.Select(u => new EndpointEntry(EndpointId.New(), u))],
    };

    public void PutPool(PoolDocument pool) => control.Put(ConfigKinds.Pool, pool.Id.ToString(), pool.TenantId, pool);

    /// <summary>Served by the first pool; the others are fallbacks in their order.</summary>
    public ModelEntry ModelOn(params PoolDocument[] pools) => new(
        ModelId.New(), ModelName.Parse(Model), Slug, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), [.. pools.Select((p, tier) => new ModelTarget(p.Id, "upstream-model", Tier: tier))]);

    public void Put(bool suspended = false, params ModelEntry[] models) => Put(Document(models) with { Suspended = suspended });

    public void Put(TenantDocument? document) => control.Put(ConfigKinds.Tenant, Id.ToString(), Id, document);

    public TenantDocument Document(params ModelEntry[] models) => new() { Id = Id, Slug = Slug, Models = models };

    public HttpRequestMessage Request(string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", key ?? Key);
        return request;
    }

    public Task<HttpResponseMessage> PostAsync(string body, string? key = null) => gateway.Http.SendAsync(
        Request(body, key), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    public string Body(bool stream = false, string? options = null) =>
        $$"""{"model":"{{Model}}","messages":[{"role":"user","content":"hello"}]{{(stream ? ",\"stream\":true" : "")}}{{(options is null ? "" : $",\"stream_options\":{options}")}}}""";

    public IReadOnlyList<UsageRecord> Records() => [.. gateway.Records().Where(r => r.TenantId == Id)];

    public async Task<UsageRecord> RecordAsync()
    {
        await Until.TrueAsync(() => Records().Count > 0);
        return Records().ShouldHaveSingleItem();
    }
}
