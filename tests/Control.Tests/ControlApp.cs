using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Bootstrap;
using Platform.Control.Data;
using Platform.Control.Pools;
using Platform.Local.Processes;
using Platform.Migrations;

namespace Platform.Control.Tests;

/// <summary>Control on a real socket with a database of its own; one for each test class.</summary>
public sealed class ControlApp(Servers servers) : IAsyncLifetime
{
    public const string PortalSecret = "the portal's secret";
    public const string Password = "correct horse battery";
    public static readonly Uri PortalUrl = new("http://localhost:9");

    private readonly string _masterKey = Path.GetTempFileName();
    private readonly string _virtualHost = "t-" + Guid.NewGuid().ToString("N");
    private readonly int _port = FreePorts.Take(1)[0];
    private Factory? _factory;
    private Factory? _second;

    internal IServiceProvider Services => (_factory ?? throw new InvalidOperationException("Not started.")).Services;

    internal Database Database => Services.GetRequiredService<Database>();

    internal DatabaseSettings DatabaseSettings { get; private set; } = new();

    /// <summary>Connects to the address space of this Control as the broker's owner.</summary>
    internal RabbitMQ.Client.ConnectionFactory BrokerFactory
    {
        get
        {
            var factory = servers.BrokerFactory;
            factory.VirtualHost = _virtualHost;
            return factory;
        }
    }

    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>Takes everything that is logged; before the start.</summary>
    internal ILoggerProvider? Logs { get; init; }

    /// <summary>What names resolve to where Control looks at tenants' addresses.</summary>
    internal TestNames Names { get; } = new();

    /// <summary>Further settings; before the start.</summary>
    internal Dictionary<string, string> Settings { get; } = [];

    public async ValueTask InitializeAsync()
    {
        File.WriteAllText(_masterKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        DatabaseSettings = await servers.NewDatabaseAsync();
        await MakeVirtualHostAsync();
        Start();
        await BootstrapAsync(new() { Portal = new("portal", PortalSecret, PortalUrl) });
    }

    /// <summary>Ends the process's host and starts another on the same database.</summary>
    internal async Task RestartAsync()
    {
        await _factory!.DisposeAsync();
        Start();
    }

    /// <summary>Starts another instance on the same database, which calls itself what the first does.</summary>
    /// <returns>Where it listens.</returns>
    internal Uri StartSecond()
    {
        var port = FreePorts.Take(1)[0];
        _second = Run(port);
        return new($"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>Ends the host; the database and the broker stay, for processes that take its place.</summary>
    internal async Task StopAsync()
    {
        await _factory!.DisposeAsync();
        _factory = null;
    }

    /// <summary>The same database and address space, as a second instance would have.</summary>
    internal async Task<BootstrapAnswer> BootstrapAsync(BootstrapRequest request)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<BootstrapRun>().RunAsync(request, TestContext.Current.CancellationToken);
    }

    public HttpClient Anonymous() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };

    /// <summary>A service client with these rights and a token of its own.</summary>
    internal async Task<HttpClient> CallerAsync(string? operatorRole = null, TenantId? tenant = null, string? role = null)
    {
        var (id, secret) = await ClientAsync();
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                if (operatorRole is not null)
                    db.Operators.Add(new() { Principal = id, Role = operatorRole, CreatedAt = DateTimeOffset.UtcNow });
                if (tenant is { } t)
                    db.Memberships.Add(new() { TenantId = t, Principal = id, Role = role ?? TenantRoles.Admin, CreatedAt = DateTimeOffset.UtcNow });
                return await db.SaveChangesAsync(ct);
            },
            TestContext.Current.CancellationToken);
        var http = Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync(id, secret));
        return http;
    }

    internal Task<HttpClient> OperatorAsync() => CallerAsync(OperatorRoles.Operator);

    /// <summary>A fresh tenant and its admin.</summary>
    internal async Task<(TenantId Id, HttpClient Admin)> TenantAsync()
    {
        using var http = await OperatorAsync();
        var slug = "t" + Guid.NewGuid().ToString("N")[..20];
        using var answer = await http.PostAsJsonAsync("/api/v1/tenants", new CreateTenantRequest { Name = slug, Slug = slug }, TestContext.Current.CancellationToken);
        var tenant = await answer.ShouldBeAsync<TenantAnswer>(HttpStatusCode.Created);
        return (tenant.Id, await CallerAsync(tenant: tenant.Id, role: TenantRoles.Admin));
    }

    internal async Task<(string Id, string Secret)> ClientAsync()
    {
        var (id, secret) = ($"svc-{Guid.NewGuid():N}", Guid.NewGuid().ToString("N"));
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<BootstrapClients>().EnsureAutomationAsync(new(id, secret), TestContext.Current.CancellationToken);
        return (id, secret);
    }

    internal async Task<string> TokenAsync(string clientId, string secret)
    {
        using var http = Anonymous();
        using var answer = await http.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = clientId,
                ["client_secret"] = secret,
                ["scope"] = "platform.api",
            }),
            TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<TokenAnswer>(TestContext.Current.CancellationToken))!.AccessToken;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var factory in new[] { _second, _factory })
        {
            if (factory is not null)
                await factory.DisposeAsync();
        }
        File.Delete(_masterKey);
    }

    /// <summary>Of its own, so that no other test's Control reads its queues.</summary>
    private async Task MakeVirtualHostAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var management = new HttpClient { BaseAddress = servers.BrokerManagement };
        management.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("owner:owner"u8));
        (await management.PutAsJsonAsync($"/api/vhosts/{_virtualHost}", new { }, cancel)).EnsureSuccessStatusCode();
        foreach (var user in new[] { "owner", "control" })
        {
            (await management.PutAsJsonAsync(
                $"/api/permissions/{_virtualHost}/{user}", new { configure = ".*", write = ".*", read = ".*" }, cancel)).EnsureSuccessStatusCode();
        }
        await Steps.BrokerAsync(
            new() { Host = "127.0.0.1", Port = servers.BrokerPort, VirtualHost = _virtualHost, User = "owner", Password = "owner" }, cancel);
    }

    private void Start()
    {
        Url = new($"http://localhost:{_port.ToString(CultureInfo.InvariantCulture)}");
        _factory = Run(_port);
    }

    private Factory Run(int port)
    {
        var factory = new Factory(AllSettings(), Logs, Names);
        factory.UseKestrel(o => o.Listen(IPAddress.Loopback, port));
        factory.StartServer();
        return factory;
    }

    /// <summary>What this Control runs with, and what another instance of it would run with.</summary>
    internal Dictionary<string, string> AllSettings() => new(Settings)
    {
        ["Identity:SignInsPerMinute"] = Settings.GetValueOrDefault("Identity:SignInsPerMinute", "1000"),
        ["Logging:LogLevel:Default"] = Settings.GetValueOrDefault("Logging:LogLevel:Default", "Warning"),
        ["Control:PublicUrl"] = Url.ToString(),
        ["Secrets:MasterKeyFile"] = _masterKey,
        ["Database:Tenant"] = DatabaseSettings.Tenant,
        ["Database:Platform"] = DatabaseSettings.Platform,
        ["Database:Ingest"] = DatabaseSettings.Ingest,
        ["Broker:Host"] = "127.0.0.1",
        ["Broker:Port"] = servers.BrokerPort.ToString(CultureInfo.InvariantCulture),
        ["Broker:VirtualHost"] = _virtualHost,
        ["Broker:User"] = "control",
        ["Broker:Password"] = "control",
        ["Broker:ManagementUrl"] = servers.BrokerManagement.ToString(),
        ["Broker:ManagementUser"] = "owner",
        ["Broker:ManagementPassword"] = "owner",
    };

    internal sealed record TokenAnswer(
        [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
        [property: System.Text.Json.Serialization.JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: System.Text.Json.Serialization.JsonPropertyName("id_token")] string? IdToken);

    private sealed class Factory(Dictionary<string, string> settings, ILoggerProvider? logs, TestNames names) : WebApplicationFactory<ControlSettings>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            if (logs is not null)
                builder.ConfigureLogging(l => l.AddProvider(logs));
            builder.ConfigureTestServices(s => s.AddSingleton<ResolveHost>(names.ResolveAsync));
            builder.UseEnvironment("Production");
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
        }
    }
}
