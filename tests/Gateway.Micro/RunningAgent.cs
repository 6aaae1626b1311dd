using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.TestKit.Servers;

namespace Platform.Gateway.Micro;

/// <summary>The agent in this process, with a tenant of one key and one model behind one endpoint. No broker takes its usage.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly FakeControl _control = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("gateway-micro-").FullName;
    private WebApplication? _app;

    public string Key { get; } = ApiKeyFormat.Generate();

    public IServiceProvider Services => _app!.Services;

    public int Port => new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public async Task StartAsync(int upstreamPort)
    {
        await _control.StartAsync();
        PutTenant(upstreamPort);
        var token = Path.Combine(_directory, "token");
        await File.WriteAllTextAsync(token, _control.Token);
        _app = Program.Build(
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", $"--Agent:DataDirectory={Path.Combine(_directory, "data")}",
            $"--Agent:ControlUrl={_control.Url}", $"--Agent:EnrolmentTokenFile={token}", "--Agent:Name=micro", "--Agent:DrainSeconds=1",
        ]);
        await _app.StartAsync();
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port}") };
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(20);
        }
    }

    /// <summary>A whole request, as it goes over the wire.</summary>
    public byte[] Request() =>
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\nAccept: application/json\r\nUser-Agent: micro\r\n"
            + $"Authorization: Bearer {Key}\r\nContent-Type: application/json\r\nContent-Length: {Samples.Request.Length}\r\n\r\n"),
        .. Samples.Request,
    ];

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        await _control.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private void PutTenant(int upstreamPort)
    {
        var tenant = TenantId.New();
        ApiKeyFormat.TryGetPrefix(Key, out var prefix);
        var entry = new ApiKeyEntry(ApiKeyId.New(), ProjectId.New(), prefix, "p1", ApiKeyFormat.Hash(Key, _control.Pepper), null);
        var pool = new PoolDocument
        {
            Id = PoolId.New(),
            TenantId = tenant,
            Name = "pool",
            Engine = Engines.Vllm,
            AllowPrivateNetworks = true,
            Endpoints = [new(EndpointId.New(), new($"http://127.0.0.1:{upstreamPort}"))],
        };
        var model = new ModelEntry(ModelId.New(), ModelName.Parse(Samples.Model), "micro", DateTimeOffset.UnixEpoch, [new(pool.Id, "upstream-model")]);
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
        _control.Put(ConfigKinds.KeyShard, $"{tenant}/0", tenant, new KeyShardDocument { TenantId = tenant, Keys = [entry] });
        _control.Put(ConfigKinds.Pool, pool.Id.ToString(), tenant, pool);
        _control.Put(ConfigKinds.Tenant, tenant.ToString(), tenant, new TenantDocument { Id = tenant, Slug = "micro", Models = [model] });
    }
}
