using Microsoft.Extensions.Configuration;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Hosting.Settings;
using Platform.Portal.Layout;
using Platform.Portal.Session;
using Platform.Portal.Usage;

namespace Platform.Portal.Tests;

public sealed class SmallPartsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("/t/acme/keys?x=1#y", "/t/acme/keys?x=1#y")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("t/acme", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/sign-in?returnUrl=/", "/")]
    public void A_return_address_is_a_page_of_the_portal(string? url, string expected) => ReturnUrl.Local(url).ShouldBe(expected);

    [Fact]
    public void The_token_store_forgets_the_session_that_was_unused_for_longest()
    {
        var store = new TokenStore(capacity: 2);
        store.GetOrAdd("a", Tokens("a"));
        store.GetOrAdd("b", Tokens("b"));
        store.TryFind("a", out _).ShouldBeTrue();
        store.GetOrAdd("c", Tokens("c"));
        store.TryFind("b", out _).ShouldBeFalse();
        store.TryFind("a", out _).ShouldBeTrue();
        store.TryFind("c", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_session_that_ends_during_a_refresh_stays_ended()
    {
        var store = new TokenStore();
        var session = store.GetOrAdd("a", Tokens("old"));
        var answer = new TaskCompletionSource<TokenAnswer>();
        var refreshing = session.RefreshOnce(session.Tokens!, _ => answer.Task);
        store.End("a");
        answer.SetResult(new(TokenState.Good, Tokens("new")));
        (await refreshing).State.ShouldBe(TokenState.Ended);
        store.GetOrAdd("a", Tokens("old")).Tokens.ShouldBeNull();
    }

    [Fact]
    public void Today_is_the_viewers_day_also_when_clocks_change()
    {
        var span = UsageSpan.Today(Noon, Viewer.Of("Europe/Berlin", 120));
        span.From.ShouldBe(new(2026, 3, 28, 23, 0, 0, TimeSpan.Zero));
        span.To.ShouldBe(new(2026, 3, 29, 22, 0, 0, TimeSpan.Zero));
        span.Bucket.ShouldBe("hour");
    }

    [Fact]
    public void Today_begins_with_a_full_hour_where_zones_are_off_by_halves() =>
        UsageSpan.Today(Noon, Viewer.Of("Asia/Kolkata", 330)).From.ShouldBe(new(2026, 3, 28, 18, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_unknown_zone_falls_back_to_its_offset() =>
        Viewer.Of("Nowhere/Land", -90).Local(Noon).Offset.ShouldBe(TimeSpan.FromMinutes(-90));

    [Fact]
    public void A_breakdown_adds_up()
    {
        UsageRow Row(string model, long tokens) => new(Noon, ProjectId.New(), null, model, new(1, 0, tokens, 1, tokens, 0));
        var rows = UsageBreakdown.By([Row("a", 5), Row("b", 100), Row("a", 6)], r => r.Model);
        rows.Select(r => r.Key).ShouldBe(["b", "a"]);
        rows[1].Value.ShouldBe(new(2, 0, 11, 2, 11, 0));
    }

    [Theory]
    [InlineData("Portal:Authority", "http://auth.example")]
    [InlineData("Portal:Authority", "ftp://localhost")]
    [InlineData("Portal:ControlUrl", "https://user:password@control.example")]
    [InlineData("Portal:GatewayUrls:0", "https://gateway.example/?x=1")]
    [InlineData("Portal:ClientSecret", "")]
    [InlineData("Portal:Authorty", "https://auth.example")]
    public void Settings_that_are_wrong_stop_the_start(string key, string value)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Portal:Authority"] = "http://localhost:5100/",
            ["Portal:ControlUrl"] = "http://control:5100",
            ["Portal:ClientId"] = "portal",
            ["Portal:ClientSecret"] = "secret",
            ["Portal:DataDirectory"] = "/tmp/x",
        };
        Should.NotThrow(() => Read(settings));
        settings[key] = value;
        Should.Throw<SettingsException>(() => Read(settings));
    }

    private static PortalSettings Read(Dictionary<string, string?> settings) =>
        SettingsExtensions.Read<PortalSettings>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), "Portal");

    private static SessionTokens Tokens(string access) => new(access, "refresh", DateTimeOffset.UtcNow);
}
