using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;
using Platform.Contracts.Api;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Tests.Identity;

/// <summary>Sessions, and refresh tokens that are good once.</summary>
public sealed class SessionTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_sixteen_refreshes_at_once_at_two_instances_exactly_one_succeeds()
    {
        using var browser = new Browser(control);
        var tokens = await control.TokensAsync(browser, await control.UserAsync());
        var second = control.StartSecond();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => control.RefreshAsync(tokens.RefreshToken!, i % 2 == 0 ? control.Url : second)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
            (await refused.ErrorOfAsync()).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Of_sixteen_uses_of_a_code_at_once_exactly_one_succeeds()
    {
        using var browser = new Browser(control);
        var code = await browser.SignInForCodeAsync(await control.UserAsync(), ControlApp.Password);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => control.RedeemAsync(code, browser.Verifier)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task A_refresh_token_used_twice_ends_its_whole_chain_and_is_recorded()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        var first = await control.TokensAsync(browser, email);
        using var refreshed = await control.RefreshAsync(first.RefreshToken!);
        var second = await refreshed.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);

        using var stolen = await control.RefreshAsync(first.RefreshToken!);
        using var victim = await control.RefreshAsync(second.RefreshToken!);

        (await stolen.ErrorOfAsync()).ShouldBe("invalid_grant");
        (await victim.ErrorOfAsync()).ShouldBe("invalid_grant");
        var user = await control.FindAsync(email);
        (await control.EventsAsync(user.Id.ToString())).Select(e => e.Action).ShouldContain("refresh-token.reuse");
        // The session itself goes on: its browser gets new tokens without a password.
        using var again = await control.RedeemAsync(await browser.CodeAsync(), browser.Verifier);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_sees_where_they_are_signed_in()
    {
        var email = await control.UserAsync();
        using var one = new Browser(control);
        using var two = new Browser(control);
        var tokens = await control.TokensAsync(one, email);
        await two.SignedInAsync(email, ControlApp.Password);
        using var api = control.Api(tokens);

        var sessions = await api.GetAsync<List<SessionAnswer>>("/api/v1/me/sessions");

        sessions.Count.ShouldBe(2);
        var current = sessions.Single(s => s.IsCurrent);
        current.UserAgent.ShouldBe(Browser.UserAgent);
        current.Address.ShouldNotBeNull();
        IPAddress.IsLoopback(IPAddress.Parse(current.Address)).ShouldBeTrue();
        current.Method.ShouldBe("password");
        current.Clients.ShouldBe(["portal"]);
        sessions.Single(s => !s.IsCurrent).Clients.ShouldBeEmpty();
        (await two.ReadAsync("/identity/account/sessions")).ShouldContain(Browser.UserAgent);
    }

    [Fact]
    public async Task An_ended_session_loses_its_cookie_its_refresh_token_and_its_access_token_at_once()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        using var other = new Browser(control);
        var tokens = await control.TokensAsync(browser, email);
        var kept = await control.TokensAsync(other, email);
        using var ended = control.Api(tokens);
        using var living = control.Api(kept);
        var session = (await ended.GetAsync<List<SessionAnswer>>("/api/v1/me/sessions")).Single(s => s.IsCurrent);

        using var answer = await living.DeleteAsync($"/api/v1/me/sessions/{session.Id}", Cancel);
        using var repeated = await living.DeleteAsync($"/api/v1/me/sessions/{session.Id}", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await repeated.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        using var api = await ended.GetAsync("/api/v1/me", Cancel);
        await api.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated);
        using var refresh = await control.RefreshAsync(tokens.RefreshToken!);
        (await refresh.ErrorOfAsync()).ShouldBe("invalid_grant");
        using var page = await browser.GetAsync(browser.AuthorizeUrl);
        page.Headers.Location!.ToString().ShouldContain("/identity/sign-in");
        (await living.GetAsync<MeAnswer>("/api/v1/me")).Email.ShouldBe(email);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_session_of_this_user_and_of_nobody_else()
    {
        var email = await control.UserAsync();
        using var one = new Browser(control);
        using var two = new Browser(control);
        using var stranger = new Browser(control);
        var first = await control.TokensAsync(one, email);
        var second = await control.TokensAsync(two, email);
        var foreign = await control.TokensAsync(stranger, await control.UserAsync());

        using var answer = await one.SubmitAsync("/identity/account/sessions", [], "/identity/account/sessions?handler=EndAll");

        answer.Headers.Location!.ToString().ShouldBe("/identity/signed-out");
        foreach (var tokens in new[] { first, second })
        {
            using var refresh = await control.RefreshAsync(tokens.RefreshToken!);
            (await refresh.ErrorOfAsync()).ShouldBe("invalid_grant");
            using var http = control.Api(tokens);
            using var api = await http.GetAsync("/api/v1/me", Cancel);
            api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        using var untouched = await control.RefreshAsync(foreign.RefreshToken!);
        untouched.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_of_somebody_else_does_not_exist()
    {
        using var browser = new Browser(control);
        using var stranger = new Browser(control);
        using var mine = control.Api(await control.TokensAsync(browser, await control.UserAsync()));
        using var theirs = control.Api(await control.TokensAsync(stranger, await control.UserAsync()));
        var session = (await theirs.GetAsync<List<SessionAnswer>>("/api/v1/me/sessions")).Single();

        using var answer = await mine.DeleteAsync($"/api/v1/me/sessions/{session.Id}", Cancel);

        await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await theirs.GetAsync<List<SessionAnswer>>("/api/v1/me/sessions")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_nobody_can_use_any_more_is_removed()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        await control.TokensAsync(browser, email);
        using var signedOut = await browser.GetAsync("/connect/end-session");
        await using var scope = control.Services.CreateAsyncScope();
        var user = await control.FindAsync(email);
        var links = scope.ServiceProvider.GetRequiredService<OneTimeLinks>();
        await links.MakeAsync(user.Id, LinkPurposes.ResetPassword, Cancel);
        var until = DateTimeOffset.UtcNow + OneTimeLinks.ResetLifetime + TimeSpan.FromDays(1);

        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(until, Cancel);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(until, Cancel);
        await scope.ServiceProvider.GetRequiredService<UserSessions>().PruneAsync(until, Cancel);
        await links.PruneAsync(until, Cancel);

        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        (await db.Sessions.AnyAsync(s => s.UserId == user.Id, Cancel)).ShouldBeFalse();
        (await db.OneTimeLinks.AnyAsync(l => l.UserId == user.Id, Cancel)).ShouldBeFalse();
        (await db.SessionGrants.AnyAsync(g => !db.Sessions.Any(s => s.Id == g.SessionId), Cancel)).ShouldBeFalse();
        (await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>()
            .FindBySubjectAsync(user.Id.ToString(), Cancel).AnyAsync(Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_ends_when_it_was_not_used_for_too_long()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        var tokens = await control.TokensAsync(browser, email);
        await using var scope = control.Services.CreateAsyncScope();
        var user = await control.FindAsync(email);
        await scope.ServiceProvider.GetRequiredService<IdentityDb>().Sessions.Where(s => s.UserId == user.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.ExpiresAt, DateTimeOffset.UtcNow), Cancel);

        using var refresh = await control.RefreshAsync(tokens.RefreshToken!);
        using var http = control.Api(tokens);
        using var api = await http.GetAsync("/api/v1/me", Cancel);
        using var page = await browser.GetAsync("/identity/account");

        (await refresh.ErrorOfAsync()).ShouldBe("invalid_grant");
        api.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_account_pages_lead_to_the_sign_in_page_without_a_session()
    {
        using var browser = new Browser(control);

        foreach (var page in new[] { "", "/password", "/two-factor", "/passkeys", "/sessions" })
        {
            using var answer = await browser.GetAsync("/identity/account" + page);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, page);
            answer.Headers.Location!.ToString().ShouldContain("/identity/sign-in?returnUrl=");
        }
    }
}
