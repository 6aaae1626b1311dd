using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Gateway.Tests.World;
using static Platform.Gateway.Tests.Limits.QuotaWorld;

namespace Platform.Gateway.Tests.Limits;

/// <summary>What callers with quotas are told, through the door.</summary>
public sealed class QuotaTests(GatewayFixture world) : IClassFixture<GatewayFixture>
{
    private const string Message =
        """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":"end_turn","usage":{"input_tokens":30,"output_tokens":20}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_says_what_is_left_and_the_count_takes_the_place_of_the_estimate(bool stream)
    {
        await using var upstream = stream ? await UpstreamStub.EventsAsync(Events) : await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(new(RequestsPerMinute: 10, TokensPerMinute: 1000)));
        await MinuteAsync();

        var first = await tenant.AskAsync(BodyOf(tenant, 100, stream));
        var second = await tenant.AskAsync(BodyOf(tenant, 100, stream));

        first.Status.ShouldBe(200);
        (first.Header("x-ratelimit-limit-requests"), first.Header("x-ratelimit-limit-tokens")).ShouldBe(("10", "1000"));
        foreach (var reset in new[] { first.Header("x-ratelimit-reset-requests"), first.Header("x-ratelimit-reset-tokens") })
            reset.ShouldNotBeNull().ShouldMatch("^([0-9]{1,2}(\\.[0-9]{1,3})?s|[0-9]+ms)$");
        // A stream's headers go before its count is known: 9 tokens of the prompt, and as many as the caller wants; then as many as came before.
        (first.Left(), second.Left()).ShouldBe(stream ? ((9, 1000 - 109), (8, 950 - 29)) : ((9, 950), (8, 900)));
        world.Left(tenant).ShouldBe((8, 900));
        upstream.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_anthropic_answer_has_anthropics_names_and_times()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Message);
        var tenant = await world.TenantAsync(d => d with { Quotas = [OfTenant(new(RequestsPerMinute: 1, TokensPerDay: 1000))] }, "anthropic", upstream.Url);
        await MinuteAsync();
        var before = TimeProvider.System.GetUtcNow();

        var answer = await tenant.AskAsync(BodyOf(tenant, 100), path: "/v1/messages");
        var refused = await tenant.AskAsync(BodyOf(tenant, 100), path: "/v1/messages");

        (answer.Status, answer.Number("anthropic-ratelimit-requests-limit"), answer.Number("anthropic-ratelimit-requests-remaining")).ShouldBe((200, 1, 0));
        (answer.Number("anthropic-ratelimit-tokens-limit"), answer.Number("anthropic-ratelimit-tokens-remaining")).ShouldBe((1000, 950));
        answer.Header("anthropic-ratelimit-requests-reset").ShouldBe(before.AddMinutes(1).ToString("yyyy-MM-dd'T'HH:mm:'00Z'", null));
        answer.Header("anthropic-ratelimit-tokens-reset").ShouldBe(before.AddDays(1).ToString("yyyy-MM-dd'T00:00:00Z'", null));
        answer.Headers.Keys.ShouldNotContain(k => k.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase));
        (refused.Status, refused.Header("x-gateway-reason"), refused.Header("x-should-retry")).ShouldBe((429, "limit", "true"));
        refused.Number("anthropic-ratelimit-requests-remaining").ShouldBe(0);
        using var error = JsonDocument.Parse(refused.Body);
        error.RootElement.GetProperty("type").GetString().ShouldBe("error");
        error.RootElement.GetProperty("error").GetProperty("type").GetString().ShouldBe("rate_limit_error");
        error.RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("requests per min (RPM): Limit 1, Used 1, Requested 1.");
    }

    [Theory]
    [InlineData("tokens per min (TPM)", "tokens")]
    [InlineData("requests per min (RPM)", "requests")]
    [InlineData("tokens per day (TPD)", "tokens")]
    [InlineData("requests per day (RPD)", "requests")]
    public async Task A_request_too_many_is_told_which_limit_and_when_to_come_back(string kind, string type)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var isDay = kind.Contains("day", StringComparison.Ordinal);
        QuotaSpec limits = (type, isDay) switch
        {
            ("tokens", false) => new(TokensPerMinute: 120),
            ("tokens", true) => new(TokensPerDay: 120),
            (_, false) => new(RequestsPerMinute: 1),
            _ => new(RequestsPerDay: 1),
        };
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(limits));
        await MinuteAsync();
        var before = type == "tokens" ? 2 : 1;
        for (var i = 0; i < before; i++)
            (await tenant.AskAsync(BodyOf(tenant, 100))).Status.ShouldBe(200);

        var refused = await tenant.AskAsync(BodyOf(tenant, 100));

        var error = ErrorOf(refused);
        (refused.Status, error.Type, error.Code, refused.Header("x-gateway-reason")).ShouldBe((429, type, "rate_limit_exceeded", "limit"));
        var numbers = type == "tokens" ? "Limit 120, Used 100, Requested 29" : "Limit 1, Used 1, Requested 1";
        error.Message.ShouldMatch($"^Rate limit reached for some/model-1 in organization {tenant.Slug} on {kind.Replace("(", "\\(").Replace(")", "\\)")}: {numbers}\\. Please try again in [0-9hm.]+m?s\\.$");
        var milliseconds = refused.Number("retry-after-ms")!.Value;
        refused.Number("retry-after").ShouldBe((milliseconds + 999) / 1000);
        if (!isDay)
            milliseconds.ShouldBeInRange(1, 60_000);
        refused.Header("x-should-retry").ShouldBe(milliseconds <= 60_000 ? "true" : "false");
        refused.Number($"x-ratelimit-remaining-{type}").ShouldBe(type == "tokens" ? 20 : 0);
        upstream.Calls.Count.ShouldBe(before);
        tenant.Records().Count.ShouldBe(before);
    }

    [Fact]
    public async Task A_request_larger_than_the_limit_is_told_not_to_come_back()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(new(TokensPerMinute: 100)));
        await MinuteAsync();

        var refused = await tenant.AskAsync(BodyOf(tenant, 100));
        var small = await tenant.AskAsync(tenant.Body());

        var error = ErrorOf(refused);
        (refused.Status, error.Type, error.Code).ShouldBe((429, "tokens", "rate_limit_exceeded"));
        error.Message.ShouldStartWith($"Request too large for some/model-1 in organization {tenant.Slug} on tokens per min (TPM): Limit 100, Requested 109.");
        (refused.Header("x-should-retry"), refused.Header("retry-after"), refused.Header("retry-after-ms")).ShouldBe(("false", null, null));
        (small.Status, small.Left()).ShouldBe((200, (null, 50)), "without a bound of its output it gets what there is");
    }

    [Fact]
    public async Task The_tightest_of_key_project_and_tenant_is_told_and_holds()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        var key = tenant.KeyEntry();
        tenant.PutKeys(key);
        await world.SetAsync(
            tenant, OfTenant(new(RequestsPerMinute: 100)), new(Guid.NewGuid(), LimitScopes.Project, key.ProjectId.Value, null, new(RequestsPerMinute: 2)),
            new(Guid.NewGuid(), LimitScopes.Key, key.Id.Value, null, new(RequestsPerMinute: 50)), new(Guid.NewGuid(), LimitScopes.Key, Guid.NewGuid(), null, new(RequestsPerMinute: 0)));
        await MinuteAsync();

        (await tenant.AskAsync(tenant.Body())).Left().Requests.ShouldBe(1);
        (await tenant.AskAsync(tenant.Body())).Left().Requests.ShouldBe(0);
        ErrorOf(await tenant.AskAsync(tenant.Body())).Message.ShouldContain($"in project {key.ProjectId} on requests per min (RPM): Limit 2,");
        world.Left(tenant).Requests.ShouldBe(98, "what the project refuses costs the tenant nothing");
    }

    [Fact]
    public async Task Who_has_no_quota_is_told_of_none()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url, OfTenant(new(ConcurrentRequests: 5)), OfTenant(new(5)) with { Model = "another" });

        var answer = await tenant.AskAsync(tenant.Body());

        answer.Status.ShouldBe(200);
        answer.Headers.Keys.ShouldNotContain(k => k.Contains("ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_limit_that_changes_does_not_begin_anew()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var quota = OfTenant(new(RequestsPerDay: 10, TokensPerDay: 1000));
        var tenant = await world.TenantAsync(upstream.Url, quota);
        await tenant.AskAsync(tenant.Body());

        await world.SetAsync(tenant, quota with { Limits = new(RequestsPerDay: 3, TokensPerDay: 2000) });

        (await tenant.AskAsync(tenant.Body())).Left().ShouldBe((1, 1900));
    }

    private static (string? Type, string? Code, string Message) ErrorOf(WholeAnswer answer)
    {
        using var body = JsonDocument.Parse(answer.Body);
        var error = body.RootElement.GetProperty("error");
        return (error.GetProperty("type").GetString(), error.GetProperty("code").GetString(), error.GetProperty("message").GetString()!);
    }
}
