using System.ClientModel;
using System.Net;
using OpenAI;
using OpenAI.Chat;
using Platform.Contracts.Api;
using Platform.Local.Demo;

namespace Platform.E2E;

public sealed class PortalTests(WholeSystem system)
{
    private const int Revocations = 3;

    /// <summary>For the median of <see cref="Revocations"/>, the first of which compiles its way; the 99th percentile is the bench's.</summary>
    private static readonly TimeSpan RevocationTarget = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_key_made_in_the_portal_works_with_the_official_client_on_each_agent_until_it_is_revoked()
    {
        await using var browser = await PortalBrowser.SignInAsync(system);
        var key = await browser.CreateKeyAsync("made in the portal");
        foreach (var gateway in system.Demo.GatewayUrls)
        {
            await PortalBrowser.WaitUntilServedAsync(gateway, key);
            await CompleteAsync(gateway, key);
        }
        await browser.SeesUsageAsync(requests: 2 * system.Demo.GatewayUrls.Count);

        await ShouldBeRefusedInTimeAsync(browser, key);
        await ShouldBeRefusedAsync(key);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_in_time_also_when_the_message_that_says_so_is_dropped()
    {
        await using var browser = await PortalBrowser.SignInAsync(system);
        var key = await browser.CreateKeyAsync("revoked unheard");
        foreach (var gateway in system.Demo.GatewayUrls)
            await PortalBrowser.WaitUntilServedAsync(gateway, key);
        using var api = await ControlApi.SignInAsync(system.Demo.ControlUrl, system.Demo.Automation);
        var agents = (await api.ListAsync<AgentAnswer>("/api/v1/agents")).Select(a => a.Id).ToList();
        agents.Count.ShouldBe(system.Demo.GatewayUrls.Count);
        await using var dropped = await DroppedChanges.BeginAsync(system.Platform, agents);

        await ShouldBeRefusedInTimeAsync(browser, key);
        await ShouldBeRefusedAsync(key);
    }

    /// <summary>The key, and others like it, one after the other.</summary>
    private async Task ShouldBeRefusedInTimeAsync(PortalBrowser browser, string key)
    {
        var took = new List<(Uri Gateway, TimeSpan Took)>();
        for (var i = 0; i < Revocations; i++)
        {
            if (i > 0)
            {
                key = await browser.CreateKeyAsync($"revoked next {Guid.NewGuid():N}");
                foreach (var gateway in system.Demo.GatewayUrls)
                    await PortalBrowser.WaitUntilServedAsync(gateway, key);
            }
            took.AddRange(await browser.RevokeAsync(key, system.Demo.GatewayUrls));
        }
        foreach (var times in took.GroupBy(t => t.Gateway, t => t.Took))
            times.Order().ElementAt(Revocations / 2).ShouldBeLessThan(RevocationTarget, $"{times.Key}: {string.Join(", ", times)}");
    }

    private static ChatClient Client(Uri gateway, string key) =>
        new(DemoSeed.SmallModel, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new(gateway, "/v1") });

    private static async Task CompleteAsync(Uri gateway, string key)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var client = Client(gateway, key);
        ChatMessage[] messages = [new UserChatMessage("What is a gateway?")];
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 30 };

        ChatCompletion plain = await client.CompleteChatAsync(messages, options, cancellation);
        plain.Content[0].Text.ShouldNotBeNullOrWhiteSpace();
        plain.Usage.OutputTokenCount.ShouldBeGreaterThan(0);

        var text = "";
        ChatFinishReason? finish = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(c => c.Text));
            finish = update.FinishReason ?? finish;
        }
        text.ShouldNotBeNullOrWhiteSpace();
        finish.ShouldNotBeNull();
    }

    private async Task ShouldBeRefusedAsync(string key)
    {
        foreach (var gateway in system.Demo.GatewayUrls)
        {
            var error = await Should.ThrowAsync<ClientResultException>(
                () => Client(gateway, key).CompleteChatAsync([new UserChatMessage("hello?")]));
            error.Status.ShouldBe((int)HttpStatusCode.Unauthorized);
        }
    }
}
