using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class ControlSilenceTests : IAsyncLifetime
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";

    private readonly FakeControl _control = new();
    private readonly string _directory = GatewayHost.NewDirectory();
    private GatewayHost _gateway = null!;
    private UpstreamStub _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await UpstreamStub.JsonAsync(Answer);
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
        _gateway = await GatewayHost.StartAsync(_control.Url, _control.Token, _directory);
        await _gateway.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _control.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_tenant_that_bounds_the_time_without_control_is_refused_after_it_and_the_others_are_not()
    {
        var (strict, patient) = (Tenant(2), Tenant(null));
        await _gateway.ReachAsync(_control);
        (await StatusAsync(strict)).ShouldBe(HttpStatusCode.OK);

        var port = _control.Url.Port;
        await _control.StopAsync();
        await Until.TrueAsync(async () => await StatusAsync(strict) == HttpStatusCode.ServiceUnavailable);

        using var refused = await _gateway.Http.SendAsync(strict.Request(strict.Body()), TestContext.Current.CancellationToken);
        (await Errors.CodeAsync(refused)).ShouldBe(("server_error", "control_unheard"));
        refused.Headers.GetValues("x-gateway-reason").Single().ShouldBe("us");
        _gateway.Services.GetRequiredService<ControlContact>().Silence.ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
        (await StatusAsync(patient)).ShouldBe(HttpStatusCode.OK);

        await _control.StartAsync(port);
        await Until.TrueAsync(async () => await StatusAsync(strict) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_restart_makes_the_configuration_no_younger()
    {
        var (strict, patient) = (Tenant(1), Tenant(3600));
        await _gateway.ReachAsync(_control);
        await _control.StopAsync();
        await Until.TrueAsync(async () => await StatusAsync(strict) == HttpStatusCode.ServiceUnavailable);
        await _gateway.StopAsync();

        _gateway = await GatewayHost.StartAsync(new("http://127.0.0.1:1"), "gone", _directory);

        (await StatusAsync(strict)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync(patient)).ShouldBe(HttpStatusCode.OK);
    }

    private TestTenant Tenant(int? seconds)
    {
        var tenant = new TestTenant(_control, _gateway);
        var pool = tenant.Pool("vllm", _upstream.Url);
        tenant.PutPool(pool);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(tenant.Document(tenant.ModelOn(pool)) with { Isolation = new() { MaxSecondsWithoutControl = seconds } });
        return tenant;
    }

    private async Task<HttpStatusCode> StatusAsync(TestTenant tenant)
    {
        using var response = await _gateway.Http.SendAsync(tenant.Request(tenant.Body()), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
