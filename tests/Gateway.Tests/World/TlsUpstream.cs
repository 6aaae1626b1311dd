using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Platform.Gateway.Tests.World;

/// <summary>An endpoint over TLS that asks its callers for certificates and keeps what they showed.</summary>
internal sealed class TlsUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TlsUpstream(WebApplication app) => _app = app;

    /// <summary>For each request: the certificate's subject, null for none, and the connection.</summary>
    public ConcurrentQueue<(string? Subject, string Connection)> Calls { get; } = new();

    /// <summary>For each handshake, how many issuers came along.</summary>
    public ConcurrentQueue<int> Issuers { get; } = new();

    public Uri Url { get; private set; } = null!;

    public static async Task<TlsUpstream> StartAsync(X509Certificate2 certificate, RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        TlsUpstream? server = null;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate, https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (own, chain, _) =>
            {
                server!.Issuers.Enqueue(chain!.ChainPolicy.ExtraStore.Count(c => c.Subject != own.Subject));
                return true;
            };
        })));
        var app = builder.Build();
        server = new(app);
        app.Run(async context =>
        {
            server.Calls.Enqueue((context.Connection.ClientCertificate?.Subject, context.Connection.Id));
            await answer(context);
        });
        await app.StartAsync();
        server.Url = LocalServer.AddressOf(app);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
