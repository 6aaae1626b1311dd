using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Platform.Portal.Tests.Fakes;

/// <summary>The portal on a real socket between an authority and a Control that are programs too.</summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portal-tests-").FullName;
    private WebApplicationFactory<Program> _portal = null!;

    public FakeAuthority Authority { get; private set; } = null!;

    public FakeControl Control { get; private set; } = null!;

    public Uri Url { get; private set; } = null!;

    public IServiceProvider Services => _portal.Services;

    public static async Task<PortalHost> StartAsync()
    {
        var host = new PortalHost { Authority = await FakeAuthority.StartNewAsync(), Control = await FakeControl.StartNewAsync() };
        host.Control.Accepts = host.Authority.AcceptsAsync;
        host.StartPortal();
        return host;
    }

    /// <summary>Stops the portal and starts it anew: what only its memory held is gone.</summary>
    public async Task RestartAsync()
    {
        await _portal.DisposeAsync();
        StartPortal();
    }

    /// <summary>A browser that follows redirects and keeps cookies; of cookies, a host has one jar whatever the port.</summary>
    public HttpClient NewBrowser(CookieContainer? cookies = null, bool followRedirects = true) =>
        new(new SocketsHttpHandler { CookieContainer = cookies ?? new(), AllowAutoRedirect = followRedirects, MaxAutomaticRedirections = 12 }) { BaseAddress = Url };

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await Control.DisposeAsync();
        await Authority.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private void StartPortal()
    {
        _portal = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder
            .UseSetting("Portal:Authority", Authority.Url.AbsoluteUri)
            .UseSetting("Portal:ControlUrl", Control.Url.AbsoluteUri)
            .UseSetting("Portal:ClientId", FakeAuthority.ClientId)
            .UseSetting("Portal:ClientSecret", FakeAuthority.ClientSecret)
            .UseSetting("Portal:DataDirectory", _directory)
            .UseSetting("Portal:GatewayUrls:0", "http://localhost:8080"));
        _portal.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _portal.StartServer();
        Url = _portal.ClientOptions.BaseAddress;
    }
}
