using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Accounts;

internal static class AccountsExtensions
{
    /// <summary>Signing in, and what users change about their account.</summary>
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<RefusalCounts>();
        services.AddSingleton<SecurityEvents>();
        services.AddHostedService<RefusalWriter>();
        services.AddScoped<Guesses>();
        services.AddScoped<SignInCompletion>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<SignInWays>();
        services.AddScoped<PasswordChanges>();
        services.AddScoped<OneTimeLinks>();
        services.AddScoped<EmailConfirmation>();
        services.AddScoped<Registration>();
        services.AddScoped<InvitedAccounts>();
        services.AddScoped<Authenticator>();
        services.AddScoped<RecoveryCodes>();
        services.AddScoped<SecondStep>();
        services.AddScoped<TwoFactorChanges>();
    }
}
