using Microsoft.Extensions.DependencyInjection;
using Platform.Control.Identity.TwoFactor;
using Platform.Control.Tests.Identity;

namespace Platform.Control.Tests.Security;

/// <summary>Signs people in, rightly and wrongly, and keeps what they typed and got.</summary>
internal static class SecretsOfPeople
{
    public static async Task MakeAsync(ControlApp app, KnownSecrets known)
    {
        known.Add("portal's client secret", ControlApp.PortalSecret);
        var password = known.Add("password", $"correct horse {Guid.NewGuid():N}");
        var email = $"{Guid.NewGuid():N}@example.com";
        await app.BootstrapAsync(new() { Operator = new(email, password) });
        using var browser = new Browser(app);
        using var refused = await browser.SignInAsync(email, known.Add("wrong password", $"wrong horse {Guid.NewGuid():N}"));
        var code = known.Add("authorization code", await browser.SignInForCodeAsync(email, password));
        using var answer = await TokensAsync(app, browser, code);
        var tokens = await answer.ShouldBeAsync<ControlApp.TokenAnswer>(System.Net.HttpStatusCode.OK);
        known.Add("access token of a person", tokens.AccessToken);
        known.Add("refresh token", tokens.RefreshToken);
        known.Add("id token", tokens.IdToken);
        await SecondFactorAsync(app, browser, email, password, known);
    }

    private static async Task SecondFactorAsync(ControlApp app, Browser browser, string email, string password, KnownSecrets known)
    {
        using var prepared = await browser.SubmitAsync("/identity/account/two-factor", new() { ["password"] = password });
        var page = await prepared.ShouldHaveTextAsync(System.Net.HttpStatusCode.OK);
        var user = await app.FindAsync(email);
        await using var scope = app.Services.CreateAsyncScope();
        var secret = known.Add("authenticator's secret", scope.ServiceProvider.GetRequiredService<Authenticator>().SecretOf(user));
        page.ShouldContain(secret);
        foreach (var code in await scope.ServiceProvider.GetRequiredService<RecoveryCodes>().MakeAsync(user.Id, TestContext.Current.CancellationToken))
            known.Add("recovery code", code);
    }

    private static async Task<HttpResponseMessage> TokensAsync(ControlApp app, Browser browser, string code)
    {
        using var http = app.Anonymous();
        return await http.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["code_verifier"] = browser.Verifier,
                ["redirect_uri"] = Browser.RedirectUri,
                ["client_id"] = "portal",
                ["client_secret"] = ControlApp.PortalSecret,
            }),
            TestContext.Current.CancellationToken);
    }
}
