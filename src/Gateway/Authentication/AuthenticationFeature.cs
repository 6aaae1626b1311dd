using Platform.Hosting.Settings;

namespace Platform.Gateway.Authentication;

internal static class AuthenticationFeature
{
    /// <summary>Who calls, and from where.</summary>
    public static void AddKeyAuthentication(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<NetworkSettings>("Network");
        builder.Services.AddSingleton<ClientAddresses>().AddSingleton<KeyAuthenticator>();
    }
}
