namespace Platform.Control.Identity.Exchange;

internal static class TokenExchangeExtensions
{
    /// <summary>Operators enter a tenant with a token that is exchanged for their own.</summary>
    public static void AddTokenExchange(this IServiceCollection services)
    {
        services.AddSingleton<TenantExchange>();
        services.AddSingleton<EntryTrail>();
    }
}
