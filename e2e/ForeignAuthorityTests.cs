using System.Net;
using Platform.Contracts.Api;
using Platform.Local.Demo;

namespace Platform.E2E;

/// <summary>The whole platform with another OpenID Connect server in the place of Control's own.</summary>
public sealed class ForeignAuthorityTests
{
    [Fact]
    public async Task A_person_of_a_foreign_server_signs_in_at_the_portal_and_a_key_made_there_works()
    {
        await using var authority = await ForeignServer.StartAsync();
        await using var system = new WholeSystem(authority.Environment());
        await system.InitializeAsync();
        system.UpOutput.ShouldContain(authority.Url);
        system.UpOutput.ShouldMatch(@"Usage:  [1-9][0-9]* prompt");

        await using var browser = await PortalBrowser.SignInAsync(system);
        var key = await browser.CreateKeyAsync("made by a foreigner");
        await PortalBrowser.WaitUntilServedAsync(system.Demo.GatewayUrls[0], key);
        using var chat = new Chat(system.Demo.GatewayUrls[0], key);
        var answer = await chat.SendAsync(Chat.Request(DemoSeed.SmallModel, "Who are you?", stream: false));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Whole.ShouldBeTrue();
        authority.SignIns.ShouldBeGreaterThan(0);
        using var api = await ControlApi.SignInAsync(system.Demo.ControlUrl, ForeignServer.Automation, new(authority.Url));
        (await api.GetAsync<MeAnswer>("/api/v1/me")).OperatorRole.ShouldBe(OperatorRoles.Operator);
        await Should.ThrowAsync<Local.LocalException>(async () =>
        {
            using var own = await ControlApi.SignInAsync(system.Demo.ControlUrl, ForeignServer.Automation);
            await own.GetAsync<MeAnswer>("/api/v1/me");
        });
    }
}
