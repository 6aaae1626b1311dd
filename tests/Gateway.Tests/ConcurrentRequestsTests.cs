using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Edge;
using Platform.Gateway.Requests;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>How many requests of one key may run.</summary>
public sealed class ConcurrentRequestsTests : IAsyncLifetime
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly FakeControl _control = new();
    private readonly TaskCompletionSource _go = new();
    private UpstreamStub? _upstream;
    private GatewayHost? _gateway;

    public async ValueTask InitializeAsync()
    {
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
        _upstream = await UpstreamStub.StartAsync(async (context, call) =>
        {
            if (call.Text.Contains("\"stream\":true", StringComparison.Ordinal))
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Event));
                await context.Response.Body.FlushAsync();
            }
            else
            {
                context.Response.ContentType = "application/json";
            }
            await _go.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Answer));
        });
    }

    public async ValueTask DisposeAsync()
    {
        _go.TrySetResult();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        await _upstream!.DisposeAsync();
        await _control.DisposeAsync();
    }

    [Fact]
    public async Task One_more_than_may_is_refused_and_another_key_is_not()
    {
        var (tenant, other) = await StartAsync(2);
        using var first = await StreamAsync(tenant);
        using var second = await StreamAsync(tenant);

        using (var third = await tenant.PostAsync(tenant.Body()))
        {
            third.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            (await Errors.CodeAsync(third)).ShouldBe(("requests", "concurrent_requests_exceeded"));
            third.Headers.GetValues("x-gateway-reason").Single().ShouldBe("limit");
            third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            third.Headers.GetValues("retry-after-ms").Single().ShouldBe("1000");
            third.Headers.GetValues("x-should-retry").Single().ShouldBe("true");
        }

        _upstream!.Calls.Count.ShouldBe(2);
        _go.SetResult();
        (await tenant.PostAsync(tenant.Body(), other)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await FreeAsync();
        (await tenant.PostAsync(tenant.Body())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_caller_that_leaves_gives_its_place_back_however_far_it_came()
    {
        var (tenant, _) = await StartAsync(3);
        using var inBody = await RawConnection.OpenAsync(_gateway!.Url);
        await inBody.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{");
        using var beforeAnswer = await RawCaller.PostAsync(tenant, tenant.Body());
        using var inStream = await RawCaller.PostAsync(tenant, tenant.Body(stream: true));
        await inStream.ReadUntilAsync("\"a\"");
        await Until.TrueAsync(() => _upstream!.Calls.Count == 2);
        await Until.TrueAsync(async () => (await tenant.PostAsync("{")).StatusCode == HttpStatusCode.TooManyRequests);

        inBody.Dispose();
        beforeAnswer.Leave();
        inStream.Leave();

        await FreeAsync();
        (await tenant.PostAsync("{")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("""{"model":"none","messages":[{"role":"user","content":"x"}]}""", 404)]
    public async Task A_refusal_gives_its_place_back(string body, int status)
    {
        var (tenant, _) = await StartAsync(1);

        for (var i = 0; i < 5; i++)
        {
            ((int)(await tenant.PostAsync(body)).StatusCode).ShouldBe(status);
            await FreeAsync();
        }
    }

    [Fact]
    public async Task Places_are_counted_right_by_many_at_once()
    {
        var slots = new KeySlots(new LimitsSettings { MaxConcurrentPerKey = 5 });
        var keys = new[] { ApiKeyId.New(), ApiKeyId.New() };
        var running = new int[keys.Length];

        await Parallel.ForAsync(0, 8, Token, (n, _) =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var k = (n + i) % keys.Length;
                if (!slots.TryEnter(keys[k]))
                    continue;
                Interlocked.Increment(ref running[k]).ShouldBeLessThanOrEqualTo(5);
                Interlocked.Decrement(ref running[k]);
                slots.Leave(keys[k]);
            }
            return ValueTask.CompletedTask;
        });

        slots.Keys.ShouldBe(0);
    }

    private static async Task<HttpResponseMessage> StreamAsync(TestTenant tenant)
    {
        var response = await tenant.PostAsync(tenant.Body(stream: true));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response;
    }

    /// <summary>A place is free again when its request has ended, which is after its answer did.</summary>
    private Task FreeAsync() => Until.TrueAsync(() => _gateway!.Services.GetRequiredService<KeySlots>().Keys == 0);

    /// <returns>A tenant, and another key of it.</returns>
    private async Task<(TestTenant Tenant, string Other)> StartAsync(int most)
    {
        _gateway = await GatewayHost.StartAsync(_control.Url, _control.Token, null, $"Limits:MaxConcurrentPerKey={most}");
        var tenant = new TestTenant(_control, _gateway);
        var other = ApiKeyFormat.Generate();
        var pool = tenant.Pool("vllm", _upstream!.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry(), tenant.KeyEntry(other));
        tenant.Put(models: tenant.ModelOn(pool));
        await _gateway.ReadyAsync();
        await _gateway.ReachAsync(_control);
        return (tenant, other);
    }
}
