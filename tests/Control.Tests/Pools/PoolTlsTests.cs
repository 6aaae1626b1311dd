using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Certificates;
using Platform.Control.Tests.Limits;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

/// <summary>A pool's test meets an upstream of a private authority that asks for a certificate, as agents do.</summary>
public sealed class PoolTlsTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upstream_is_reached_with_the_pools_authorities_and_certificate_only()
    {
        using var root = Pems.Authority();
        using var server = Pems.Leaf(root);
        using var client = Pems.Leaf(root, "CN=client.example.com");
        await using var upstream = await UpstreamAsync(server, client.Thumbprint);
        using var http = await control.OperatorAsync();
        var name = Guid.NewGuid().ToString("N");
        var pool = await http.PoolAsync(TenantId.Platform, Pool(name, upstream.Urls.Single()));

        var without = await KindAsync(http, pool.Id);
        await http.ReplaceAsync<PoolAnswer>(Path(TenantId.Platform, pool.Id), new UpdatePoolRequest { Name = name, TrustedAuthorities = [root.ExportCertificatePem()] });
        var trusted = await KindAsync(http, pool.Id);
        await http.ReplaceAsync<ClientCertificateAnswer>(Path(TenantId.Platform, pool.Id, "/client-certificate"), Pems.Request(client));
        var known = await KindAsync(http, pool.Id);

        (without, trusted, known).ShouldBe(("tls", "unauthorized", "ok"));
    }

    private static async Task<string> KindAsync(HttpClient http, PoolId pool)
    {
        using var answer = await http.PostAsync(Path(TenantId.Platform, pool, "/test"), null, Cancel);
        return (await answer.ShouldBeAsync<PoolTestAnswer>(HttpStatusCode.OK)).Endpoints.Single().Kind;
    }

    private static async Task<WebApplication> UpstreamAsync(X509Certificate2 certificate, string known)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.UseHttps(h =>
        {
            h.ServerCertificate = certificate;
            h.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            h.AllowAnyClientCertificate();
        })));
        var app = builder.Build();
        app.Run(http => http.Connection.ClientCertificate?.Thumbprint == known
            ? http.Response.WriteAsJsonAsync(new { data = Array.Empty<object>() })
            : Results.StatusCode(403).ExecuteAsync(http));
        await app.StartAsync(Cancel);
        return app;
    }
}
