namespace Platform.Gateway.ClientCertificates;

internal static class ClientCertificatesFeature
{
    /// <summary>Callers that prove by TLS who they are, where their tenant wants it.</summary>
    public static void AddClientCertificates(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<CallerCertificates>();
}
