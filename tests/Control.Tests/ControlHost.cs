using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Ids;
using Platform.Control.Bootstrap;
using Platform.Control.Data;
using Platform.Local.Processes;

namespace Platform.Control.Tests;

/// <summary>The whole of Control on a socket of its own, a fresh database, and the run's broker.</summary>
internal sealed class ControlHost : WebApplicationFactory<ControlSettings>
{
    private const string Automation = "automation";
    private readonly string _masterKeyFile = Path.GetTempFileName();
    private readonly Servers _servers;
    private readonly DatabaseSettings _database;
    private readonly Dictionary<string, string?> _settings;

    private ControlHost(Servers servers, DatabaseSettings database, Dictionary<string, string?> settings)
    {
        (_servers, _database, _settings) = (servers, database, settings);
        File.WriteAllText(_masterKeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        Url = new($"http://localhost:{FreePorts.Take(1)[0]}/");
        UseKestrel(Url.Port);
    }

    public Uri Url { get; }

    /// <summary>The tenant that bootstrap made; the automation client is operator and its admin.</summary>
    public TenantId Tenant { get; private set; }

    /// <summary>A client with the automation's token.</summary>
    public HttpClient Operator { get; private set; } = new();

    public Database Database => Services.GetRequiredService<Database>();

    public static async Task<ControlHost> StartAsync(Servers servers, Dictionary<string, string?>? settings = null, DatabaseSettings? database = null)
    {
        var host = new ControlHost(servers, database ?? await servers.NewDatabaseAsync(), settings ?? []);
        host.StartServer();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var answer = await scope.ServiceProvider.GetRequiredService<BootstrapRun>().RunAsync(
                new()
                {
                    Automation = new(Automation, "secret-of-the-automation"),
                    Tenant = new("Acme", "acme", null, null, null),
                },
                TestContext.Current.CancellationToken);
            host.Tenant = answer.TenantId!.Value;
        }
        host.Operator = await host.SignedInAsync();
        return host;
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var http = new HttpClient { BaseAddress = Url };
        using var answer = await http.PostAsync(
            new Uri("connect/token", UriKind.Relative),
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = Automation,
                ["client_secret"] = "secret-of-the-automation",
                ["scope"] = "platform.api",
            }));
        answer.EnsureSuccessStatusCode();
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.ConfigureLogging(l => l.ClearProviders());
        var settings = new Dictionary<string, string?>
        {
            ["Control:PublicUrl"] = Url.ToString(),
            ["Database:Tenant"] = _database.Tenant,
            ["Database:Platform"] = _database.Platform,
            ["Database:Ingest"] = _database.Ingest,
            ["Secrets:MasterKeyFile"] = _masterKeyFile,
            ["Broker:Host"] = "127.0.0.1",
            ["Broker:Port"] = _servers.BrokerPort.ToString(CultureInfo.InvariantCulture),
            ["Broker:User"] = "control",
            ["Broker:Password"] = "control",
            ["Broker:ManagementUrl"] = _servers.BrokerManagement.ToString(),
            ["Broker:ManagementUser"] = "owner",
            ["Broker:ManagementPassword"] = "owner",
        };
        foreach (var (key, value) in settings.Concat(_settings))
            builder.UseSetting(key, value);
    }

    public override async ValueTask DisposeAsync()
    {
        Operator.Dispose();
        await base.DisposeAsync();
        File.Delete(_masterKeyFile);
    }
}
