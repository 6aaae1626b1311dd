using System.Diagnostics;
using System.Text.Json;
using Anthropic.Exceptions;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;
using static Platform.Gateway.Tests.Clients.AnthropicWorld;

namespace Platform.Gateway.Tests.Clients;

/// <summary>Anthropic's own .NET client meets errors: each has the exception that the client has for it, whichever dialect the engine speaks.</summary>
public sealed class DotNetAnthropicErrorTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>By the engine's status: what the client throws, and the type of error that it reads.</summary>
    public static TheoryData<int, Type, string> Statuses => new()
    {
        { 400, typeof(AnthropicBadRequestException), "invalid_request_error" },
        { 402, typeof(AnthropicPaymentRequiredException), "billing_error" },
        { 403, typeof(AnthropicForbiddenException), "permission_error" },
        { 404, typeof(AnthropicNotFoundException), "not_found_error" },
        { 413, typeof(AnthropicContentTooLargeException), "request_too_large" },
        { 422, typeof(AnthropicUnprocessableEntityException), "invalid_request_error" },
        { 429, typeof(AnthropicRateLimitException), "rate_limit_error" },
        { 529, typeof(AnthropicOverloadedException), "overloaded_error" },
        // What these say is between us and the engine.
        { 401, typeof(Anthropic5xxException), "api_error" },
        { 500, typeof(Anthropic5xxException), "api_error" },
        { 503, typeof(Anthropic5xxException), "api_error" },
        { 504, typeof(Anthropic5xxException), "api_error" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Each_status_has_its_exception(int status, Type exception, string type)
    {
        foreach (var engine in new[] { "anthropic", "vllm" })
        {
            var error = engine == "anthropic" ? AnthropicErrors.Of(status, type, "It is so.") : OpenAiErrors.Of(status, "some_type", "some_code", "messages", "It is so.");
            await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Error(error));
            using var client = Client(world);

            foreach (var streamed in new[] { false, true })
            {
                var thrown = await Should.ThrowAsync<AnthropicApiException>(() => streamed ? ReadAsync(client, Hi, Cancel) : client.Messages.Create(Hi, Cancel));

                exception.IsInstanceOfType(thrown).ShouldBeTrue($"{engine} {status}: {thrown.GetType()}");
                var body = JsonSerializer.Deserialize<JsonElement>(thrown.ResponseBody);
                body.GetProperty("type").GetString().ShouldBe("error");
                body.GetProperty("error").GetProperty("type").GetString().ShouldBe(type, engine);
                if (status is 400 or 403 or 404 or 422)
                    body.GetProperty("error").GetProperty("message").GetString().ShouldBe("It is so.");
            }
            (await world.RecordsAsync(Served, 2)).Count.ShouldBe(2);
        }
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("vllm")]
    public async Task An_error_within_a_stream_is_thrown(string engine)
    {
        var events = Events(engine, AnswerSample.Greeting).Take(4);
        var error = engine == "anthropic" ? AnthropicErrors.ToEvent(AnthropicErrors.Overloaded) : OpenAiWire.ErrorEvent(OpenAiErrors.Overloaded);
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events([.. events, error]));
        using var client = Client(world);

        (await Should.ThrowAsync<AnthropicException>(ReadAsync(client, Hi, Cancel))).Message.ShouldContain("verloaded");

        (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem().ErrorCode.ShouldBe("upstream_failed");
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("vllm")]
    public async Task A_stream_that_breaks_is_thrown(string engine)
    {
        await using var world = await ClientWorld.StartAsync(fixture, engine, _ => Script.Events(Events(engine, AnswerSample.Greeting).Take(5)).Reset());
        using var client = Client(world);

        await Should.ThrowAsync<AnthropicException>(ReadAsync(client, Hi, Cancel));

        (await world.RecordsAsync(Served, 1)).ShouldHaveSingleItem().ErrorCode.ShouldBe("upstream_failed");
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_not_found()
    {
        await using var world = await ClientWorld.StartAsync(fixture, "anthropic", _ => Script.NeverAnswer);
        using var client = Client(world);

        var thrown = await Should.ThrowAsync<AnthropicNotFoundException>(client.Messages.Create(Hi with { Model = "missing" }, Cancel));

        thrown.Message.ShouldContain("`missing` does not exist");
        world.Upstream.Count.ShouldBe(0);
    }

    /// <summary>The engine asks for 700 ms, the gateway passes it on in whole seconds, and the client waits for them.</summary>
    [Theory]
    [InlineData("anthropic")]
    [InlineData("vllm")]
    public async Task It_comes_again_when_the_engine_said_and_not_before(string engine)
    {
        var busy = Script.Error(engine == "anthropic" ? AnthropicErrors.RateLimited : OpenAiErrors.RateLimited, RetryAfter.Milliseconds(700));
        await using var world = await ClientWorld.StartAsync(fixture, engine, ScriptTable.Sequence(busy, Plain(engine, AnswerSample.Greeting)));
        using var client = Client(world, retries: 2);
        var began = Stopwatch.GetTimestamp();

        (await client.Messages.Create(Hi, Cancel)).Content.ShouldHaveSingleItem();

        Stopwatch.GetElapsedTime(began).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        world.Upstream.Count.ShouldBe(2);
        (world.Upstream.Requests[1].Arrived - world.Upstream.Requests[0].Arrived).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(700));
        (await world.RecordsAsync(Served, 2)).Select(r => r.Status).ShouldBe([429, 200], ignoreOrder: true);
    }
}
