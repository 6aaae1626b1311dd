namespace Platform.Gateway.Peers;

internal static class PeersFeature
{
    /// <summary>How agents of a group talk with each other.</summary>
    public static void AddPeers(this IHostApplicationBuilder builder) => builder.Services
        .AddSingleton<PeerBus>()
        .AddHostedService<PeerSession>();
}
