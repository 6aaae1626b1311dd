namespace Platform.Gateway.Authentication;

internal static class AuthenticationFeature
{
    /// <summary>Who calls.</summary>
    public static void AddKeyAuthentication(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<KeyAuthenticator>();
}
