using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.TestKit.Servers;
using RabbitMQ.Client;

namespace Platform.Bench.Gateway.Proxies;

/// <summary>
/// The agent as it is published: enrolled at a stand-in for Control, with a real broker that confirms its usage and throws
/// it away. One tenant with a hundred keys, a quota and two pools; authentication, quotas, routing and metering as always.
/// </summary>
/// <param name="program">Its command line.</param>
internal sealed class AgentProxy(Stage stage, string name, IReadOnlyList<string> program) : IAsyncDisposable
{
    public const string Name = "agent";

    /// <summary>Another build of it.</summary>
    public const string Other = "other";

    /// <summary>In front of a model's name: the pool whose engine counts in every event.</summary>
    public const string Counting = "counting/";

    private const int Keys = 100;
    private readonly FakeControl _control = new();

    public async Task<Proxy> StartAsync(IReadOnlyList<string> models)
    {
        await stage.Platform.Backing.StartRabbitAsync();
        _control.Broker = await PrepareBrokerAsync();
        await _control.StartAsync();
        var key = PutTenant(models);
        var folder = stage.Directory(name);
        var token = Path.Combine(folder, "token");
        Local.Home.WriteSecret(token, _control.Token);
        var port = stage.Port(name);
        return await stage.StartAsync(
            name, port, program,
            new()
            {
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Agent__Name"] = name,
                ["Agent__DataDirectory"] = Path.Combine(folder, "data"),
                ["Agent__ControlUrl"] = _control.Url.ToString(),
                ["Agent__EnrolmentTokenFile"] = token,
            },
            "/readyz", $"Authorization: Bearer {key}");
    }

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    /// <summary>What Control declares, with queues that keep one message.</summary>
    private async Task<BrokerAccess> PrepareBrokerAsync()
    {
        var (broker, (user, password)) = (stage.Platform.Backing.Broker(), stage.Platform.Backing.BrokerLogin("owner"));
        var factory = new ConnectionFactory { HostName = broker.Host, Port = broker.Port, UserName = user, Password = password, VirtualHost = broker.VirtualHost };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var name in (string[])[BusTopology.Usage, BusTopology.Agents])
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true);
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = 1 });
            await channel.QueueBindAsync(name, name, "");
        }
        await channel.ExchangeDeclareAsync(BusTopology.ConfigExchange(_control.Group), ExchangeType.Direct, durable: true);
        return new(broker.Host, broker.Port, broker.VirtualHost, user, password, Tls: false);
    }

    /// <summary>The key of its callers.</summary>
    private string PutTenant(IReadOnlyList<string> models)
    {
        var (tenant, project) = (TenantId.New(), ProjectId.New());
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
        var (plain, counting) = (Pool(tenant, "openai"), Pool(tenant, Engines.Vllm));
        string[] keys = [.. Enumerable.Range(0, Keys).Select(_ => ApiKeyFormat.Generate())];
        _control.Put(ConfigKinds.KeyShard, $"{tenant}/0", tenant, new KeyShardDocument { TenantId = tenant, Keys = [.. keys.Select(k => Entry(project, k))] });
        _control.Put(ConfigKinds.Tenant, tenant.ToString(), tenant, new TenantDocument
        {
            Id = tenant,
            Slug = "bench",
            Models = [.. models.Select(m => Model(m, m, plain)), .. models.Select(m => Model(Counting + m, m, counting))],
            Quotas = [new(Guid.NewGuid(), LimitScopes.Tenant, null, null, new() { RequestsPerMinute = 1_000_000_000, TokensPerMinute = 1_000_000_000_000, ConcurrentRequests = 1_000_000 })],
        });
        return keys[Keys / 2];
    }

    private ApiKeyEntry Entry(ProjectId project, string key)
    {
        ApiKeyFormat.TryGetPrefix(key, out var prefix);
        return new(ApiKeyId.New(), project, prefix, "p1", ApiKeyFormat.Hash(key, _control.Pepper), null);
    }

    private PoolDocument Pool(TenantId tenant, string engine)
    {
        var pool = new PoolDocument
        {
            Id = PoolId.New(),
            TenantId = tenant,
            Name = engine,
            Engine = engine,
            AllowPrivateNetworks = true,
            Endpoints = [new(EndpointId.New(), new($"http://127.0.0.1:{stage.UpstreamPort}"))],
        };
        _control.Put(ConfigKinds.Pool, pool.Id.ToString(), tenant, pool);
        return pool;
    }

    private static ModelEntry Model(string name, string upstream, PoolDocument pool) => new(
        ModelId.New(), ModelName.Parse(name), "bench", DateTimeOffset.UnixEpoch, [new(pool.Id, upstream)]);
}
