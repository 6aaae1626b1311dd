namespace Platform.Portal.ControlApi;

/// <summary>Calls to Control with the user's token.</summary>
internal static class ControlApiSlice
{
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    public static void AddControlApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<ControlCalls>((provider, http) =>
        {
            var address = provider.GetRequiredService<PortalSettings>().ControlUrl!.AbsoluteUri;
            http.BaseAddress = new(address.EndsWith('/') ? address : address + '/');
            http.MaxResponseContentBufferSize = MaxAnswerBytes;
            http.Timeout = Timeout.InfiniteTimeSpan;
        })
            // A circuit keeps its client for long, so connections are renewed below the client, not with it.
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        builder.Services.AddScoped<ControlClient>();
        builder.Services.AddScoped<TenantDirectory>();
    }
}
