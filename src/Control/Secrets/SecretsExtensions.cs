using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Platform.Control.Secrets;

internal static class SecretsExtensions
{
    /// <summary>The master key, and what is sealed under it: group keys and peppers.</summary>
    public static void AddPlatformSecrets(this IHostApplicationBuilder builder)
    {
        builder.AddMasterKey();
        builder.Services.TryAddSingleton<GroupKeyRing>();
        builder.Services.TryAddSingleton<PlatformSecrets>();
    }
}
