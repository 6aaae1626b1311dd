using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>What may be an <c>Idempotency-Key</c>.</summary>
public sealed class IdempotencyKeyTests(GatewayFixture world) : IClassFixture<GatewayFixture>
{
    private const string Answer = """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}""";

    [Theory]
    [InlineData("")]
    [InlineData("tab\there")]
    [InlineData("ünicode")]
    [InlineData("256")]
    public async Task A_key_that_cannot_be_one_is_refused(string key)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        using var caller = new RawCallerWithHeader(tenant, $"Idempotency-Key: {(key == "256" ? new string('k', 256) : key)}\r\n");

        var text = await caller.AnswerAsync();

        text.ShouldStartWith("HTTP/1.1 400");
        text.ShouldContain("\"code\":\"idempotency_key_invalid\"");
        upstream.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_keys_are_none()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        using var caller = new RawCallerWithHeader(tenant, "Idempotency-Key: a\r\nIdempotency-Key: b\r\n");

        (await caller.AnswerAsync()).ShouldContain("\"code\":\"idempotency_key_invalid\"");
        upstream.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_longest_key_is_one()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);
        var key = new string('~', 255);

        (await tenant.AskAsync(tenant.Body(), key)).Status.ShouldBe(200);
        (await tenant.AskAsync(tenant.Body(), key)).Header("idempotent-replayed").ShouldBe("true");
    }
}
