using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;

namespace Platform.Hosting.Listening;

public static class ListenersExtensions
{
    private const string Default = "http://localhost:5000";

    /// <summary>
    /// Opens listeners beside the addresses of <c>ASPNETCORE_URLS</c>, which Kestrel drops as soon as code listens too.
    /// </summary>
    /// <param name="listen">Calls <c>Listen</c>.</param>
    /// <param name="replaceDefault">Where no address is set, these are all; otherwise it is <c>http://localhost:5000</c>.</param>
    public static void AddListeners(this WebApplicationBuilder builder, Action<KestrelServerOptions> listen, bool replaceDefault = false)
    {
        var properties = ((IHostApplicationBuilder)builder).Properties;
        if (!properties.TryGetValue(typeof(SetAddresses), out var known))
        {
            var addresses = SetAddresses.Take(builder);
            properties[typeof(SetAddresses)] = known = addresses;
            builder.WebHost.ConfigureKestrel(addresses.Listen);
        }
        ((SetAddresses)known).HasDefault &= !replaceDefault;
        builder.WebHost.ConfigureKestrel(listen);
    }

    /// <summary>Opens an address as Kestrel does those of <c>ASPNETCORE_URLS</c>.</summary>
    internal static void ListenAt(this KestrelServerOptions options, string url)
    {
        var address = BindingAddress.Parse(url);
        if (address.IsUnixPipe)
            options.ListenUnixSocket(address.UnixPipePath, Secure);
        else if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
            options.ListenLocalhost(address.Port, Secure);
        else if (IPAddress.TryParse(address.Host, out var ip))
            options.Listen(ip, address.Port, Secure);
        else
            options.ListenAnyIP(address.Port, Secure);

        void Secure(ListenOptions listener)
        {
            if (string.Equals(address.Scheme, "https", StringComparison.OrdinalIgnoreCase))
                listener.UseHttps();
        }
    }

    /// <summary>The addresses that settings name.</summary>
    private sealed class SetAddresses(IReadOnlyList<string> urls)
    {
        public bool HasDefault { get; set; } = true;

        /// <summary>Takes them out of the settings: Kestrel would warn that it drops them.</summary>
        public static SetAddresses Take(WebApplicationBuilder builder)
        {
            var urls = Split(builder, WebHostDefaults.ServerUrlsKey);
            var ports = Split(builder, WebHostDefaults.HttpPortsKey);
            return new(urls is [] ? [.. ports.Select(p => $"http://*:{p}")] : urls);
        }

        public void Listen(KestrelServerOptions options)
        {
            foreach (var url in urls is [] && HasDefault ? [Default] : urls)
                options.ListenAt(url);
        }

        private static string[] Split(WebApplicationBuilder builder, string key)
        {
            var values = builder.Configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
            builder.WebHost.UseSetting(key, "");
            return values;
        }
    }
}
