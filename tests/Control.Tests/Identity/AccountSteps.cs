using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Control.Bootstrap;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Tests.Identity;

/// <summary>Users, and what clients do in their name.</summary>
internal static class AccountSteps
{
    /// <returns>The address of a fresh user whose password is <see cref="ControlApp.Password"/>.</returns>
    public static async Task<string> UserAsync(this ControlApp control)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await using var scope = control.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<BootstrapUsers>().EnsureAsync(email, ControlApp.Password);
        return email;
    }

    public static async Task<PlatformUser> FindAsync(this ControlApp control, string email)
    {
        await using var scope = control.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>().FindByEmailAsync(email)).ShouldNotBeNull();
    }

    public static async Task WithUsersAsync(this ControlApp control, Func<UserManager<PlatformUser>, Task> work)
    {
        await using var scope = control.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<PlatformUser>>());
    }

    /// <summary>Gives a user two passkeys, an authenticator app and recovery codes, as somebody in the account could.</summary>
    public static Task PlantAsync(this ControlApp control, string email, bool confirmed) => control.WithUsersAsync(async users =>
    {
        var user = (await users.FindByEmailAsync(email))!;
        await using var scope = control.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Authenticator>().Prepare(user);
        (user.TwoFactorEnabled, user.EmailConfirmed) = (true, confirmed);
        foreach (var id in new[] { Guid.NewGuid(), Guid.NewGuid() })
            (await users.AddOrUpdatePasskeyAsync(user, new(id.ToByteArray(), [1], DateTimeOffset.UtcNow, 0, [], true, false, false, [2], [3]))).Succeeded.ShouldBeTrue();
        await scope.ServiceProvider.GetRequiredService<RecoveryCodes>().MakeAsync(user.Id, TestContext.Current.CancellationToken);
    });

    public static Task<HttpResponseMessage> RedeemAsync(this ControlApp control, string code, string verifier) => control.AskAsync(new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["code_verifier"] = verifier,
        ["redirect_uri"] = Browser.RedirectUri,
    });

    /// <param name="at">The instance to ask; the first where left out.</param>
    public static Task<HttpResponseMessage> RefreshAsync(this ControlApp control, string token, Uri? at = null) =>
        control.AskAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token }, at);

    /// <summary>Signs in and lets the portal's client have its tokens.</summary>
    public static async Task<ControlApp.TokenAnswer> TokensAsync(this ControlApp control, Browser browser, string email)
    {
        using var answer = await control.RedeemAsync(await browser.SignInForCodeAsync(email, ControlApp.Password), browser.Verifier);
        return await answer.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
    }

    public static HttpClient Api(this ControlApp control, ControlApp.TokenAnswer tokens)
    {
        var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.AccessToken);
        return http;
    }

    /// <summary>What the platform's audit trail has of a user, the oldest first.</summary>
    public static Task<List<AuditEventRow>> EventsAsync(this ControlApp control, string actor, TenantId? tenant = null)
    {
        var id = tenant ?? TenantId.Platform;
        return control.Database.InPlatformAsync(
            (db, ct) => db.AuditEvents.AsNoTracking().Where(e => e.Actor == actor && e.TenantId == id).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(ct),
            TestContext.Current.CancellationToken);
    }

    public static async Task<string> ErrorOfAsync(this HttpResponseMessage answer)
    {
        ((int)answer.StatusCode).ShouldBeInRange(400, 401);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("error").GetString().ShouldNotBeNull();
    }

    private static async Task<HttpResponseMessage> AskAsync(this ControlApp control, Dictionary<string, string> parameters, Uri? at = null)
    {
        using var http = control.Anonymous();
        parameters["client_id"] = "portal";
        parameters["client_secret"] = ControlApp.PortalSecret;
        using var form = new FormUrlEncodedContent(parameters);
        return await http.PostAsync(new Uri(at ?? control.Url, "/connect/token"), form, TestContext.Current.CancellationToken);
    }
}
