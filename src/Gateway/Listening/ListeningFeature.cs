using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Platform.Gateway.Life;
using Platform.Hosting.Listening;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Listening;

internal static class ListeningFeature
{
    /// <summary>Kestrel takes a bare LF for a line's end (RFC 9112, 2.2, allows it), which a proxy before it may not.</summary>
    private const string NoBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Where callers reach the agent: in clear, as HTTP/2 in clear, or over TLS with a certificate that may change.</summary>
    public static void AddListening(this WebApplicationBuilder builder)
    {
        AppContext.SetSwitch(NoBareLineFeeds, true);
        var connections = builder.AddSettings<ConnectionSettings>("Connections");
        builder.WebHost.ConfigureKestrel(kestrel => connections.Apply(kestrel.Limits));
        var settings = builder.AddSettings<ListenSettings>("Listen");
        if (!settings.HasAny)
            return;
        if (settings.Https.Count > 0)
            builder.Services.AddSingleton<ServerCertificate>().AddSingleton<ReloadedFiles>(s => s.GetRequiredService<ServerCertificate>());
        builder.AddListeners(kestrel => Listen(kestrel, settings), replaceDefault: true);
    }

    private static void Listen(KestrelServerOptions kestrel, ListenSettings settings)
    {
        foreach (var address in settings.Http)
            kestrel.Listen(ListenSettings.Parse(address), o => o.Protocols = HttpProtocols.Http1);
        foreach (var address in settings.H2c)
            kestrel.Listen(ListenSettings.Parse(address), o => o.Protocols = HttpProtocols.Http2);
        if (settings.Https.Count == 0)
            return;
        var certificate = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        var tls = new TlsHandshakeCallbackOptions { OnConnection = c => ValueTask.FromResult(certificate.OptionsFor(c.Connection)) };
        foreach (var address in settings.Https)
        {
            kestrel.Listen(ListenSettings.Parse(address), o =>
            {
                o.Protocols = HttpProtocols.Http1AndHttp2;
                o.UseHttps(tls);
            });
        }
    }
}
