using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Bench.Gateway.Traffic;

/// <summary>
/// YARP with nothing around it: its forwarder on one route, no policies, no logs, no telemetry. Built and run as the agent
/// is (Release, the same collector), it is what the agent's cost is told by.
/// </summary>
internal static class BareYarp
{
    /// <param name="tuned">With the sockets' setting that the agent has; the thread pool's comes from the environment.</param>
    public static async Task RunAsync(int port, string upstream, bool tuned)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(o => o.AddServerHeader = false);
        builder.Services.Configure<SocketTransportOptions>(o => o.UnsafePreferInlineScheduling = tuned);
        builder.Services.AddHttpForwarder();
        await using var app = builder.Build();
        app.MapForwarder("/{**path}", upstream);
        await app.RunAsync();
    }
}
