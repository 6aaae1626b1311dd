using Platform.Hosting.Settings;

namespace Platform.Control.Secrets;

internal static class MasterKeyExtensions
{
    public static void AddMasterKey(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton(MasterKey.Load(builder.AddSettings<SecretsSettings>("Secrets")));
}
