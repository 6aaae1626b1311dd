using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Pools with certificates of their own: what is shown to their endpoints, and whom these must be vouched for by.</summary>
public sealed class UpstreamIdentityTests : IAsyncLifetime
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":9}}""";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly GatewayFixture _world = new();
    private readonly TestAuthority _root = new();
    private readonly X509Certificate2 _own;

    public UpstreamIdentityTests() => _own = _root.Issue("gateway", TestAuthority.ForClients);

    private IdentityClients Clients => _world.Gateway.Services.GetRequiredService<UpstreamClients>().Identities;

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        _own.Dispose();
        _root.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_pools_certificate_is_shown_with_its_issuers_and_connections_are_kept()
    {
        await using var upstream = await StartAsync("127.0.0.1");
        using var intermediate = _root.Intermediate();
        using var own = intermediate.Issue("gateway", TestAuthority.ForClients);
        var (tenant, pool) = Tenant(upstream, [_root.Pem]);
        await PutAsync(tenant, WithCertificate(pool, TestAuthority.PemOf(own, intermediate)));

        for (var i = 0; i < 3; i++)
            (await AskAsync(tenant)).ShouldBe(HttpStatusCode.OK);

        upstream.Calls.Select(c => c.Subject).ShouldBe(["CN=gateway", "CN=gateway", "CN=gateway"]);
        upstream.Calls.Select(c => c.Connection).Distinct().ShouldHaveSingleItem();
        upstream.Issuers.ShouldBe([1]);
    }

    [Theory]
    [InlineData("127.0.0.1", true, HttpStatusCode.OK)]
    [InlineData("127.0.0.1", false, HttpStatusCode.BadGateway)]
    [InlineData("other.example", true, HttpStatusCode.BadGateway)]
    public async Task Only_the_named_authorities_are_believed_and_the_name_must_be_the_endpoints(string name, bool named, HttpStatusCode status)
    {
        await using var upstream = await StartAsync(name);
        using var other = new TestAuthority();
        var (tenant, pool) = Tenant(upstream, [named ? _root.Pem : other.Pem, other.Pem]);
        await PutAsync(tenant, pool);

        (await AskAsync(tenant)).ShouldBe(status);

        upstream.Calls.Count.ShouldBe(status == HttpStatusCode.OK ? 1 : 0);
    }

    [Fact]
    public async Task Without_authorities_of_its_own_a_pool_has_the_machines_and_an_empty_list_is_none()
    {
        await using var upstream = await StartAsync("127.0.0.1");
        var (tenant, pool) = Tenant(upstream, null);
        await PutAsync(tenant, pool);
        (await AskAsync(tenant)).ShouldBe(HttpStatusCode.BadGateway);

        await PutAsync(tenant, pool with { TrustedAuthorities = [] });
        (await AskAsync(tenant)).ShouldBe(HttpStatusCode.BadGateway);

        upstream.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_that_says_the_same_keeps_the_connections_and_another_certificate_has_its_own()
    {
        await using var upstream = await StartAsync("127.0.0.1");
        var (tenant, pool) = Tenant(upstream, [_root.Pem]);
        using var second = _root.Issue("second", TestAuthority.ForClients);
        await PutAsync(tenant, WithCertificate(pool, TestAuthority.PemOf(_own)));
        await AskAsync(tenant);

        await PutAsync(tenant, WithCertificate(pool with { Name = "renamed" }, TestAuthority.PemOf(_own)));
        await AskAsync(tenant);
        await PutAsync(tenant, WithCertificate(pool, TestAuthority.PemOf(second)));
        await AskAsync(tenant);

        upstream.Calls.Select(c => c.Subject).ShouldBe(["CN=gateway", "CN=gateway", "CN=second"]);
        var connections = upstream.Calls.Select(c => c.Connection).ToList();
        (connections[0] == connections[1], connections[1] == connections[2]).ShouldBe((true, false));
        Clients.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_the_snapshot_drops_is_let_go_and_requests_that_run_end_in_peace()
    {
        var more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await StartAsync("127.0.0.1", async context =>
        {
            await more.Task;
            await AnswerAsync(context);
        });
        var (tenant, pool) = Tenant(upstream, [_root.Pem]);
        await PutAsync(tenant, WithCertificate(pool, TestAuthority.PemOf(_own)));
        var running = AskAsync(tenant);
        await Until.TrueAsync(() => upstream.Calls.Count == 1);
        Clients.Count.ShouldBe(1);

        _world.Control.Put<PoolDocument>(ConfigKinds.Pool, pool.Id.ToString(), pool.TenantId, null);
        await _world.Gateway.ReachAsync(_world.Control);
        Clients.Count.ShouldBe(0);
        more.SetResult();

        (await running).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_of_an_older_snapshot_is_served_and_keeps_nothing()
    {
        await using var upstream = await StartAsync("127.0.0.1");
        var (tenant, pool) = Tenant(upstream, [_root.Pem]);
        await PutAsync(tenant, pool);
        var old = _world.Gateway.Snapshot!.Pools[pool.Id];
        await PutAsync(tenant, pool with { TrustedAuthorities = null });

        var client = Clients.Enter(old, old.Identity!);
        using var request = new HttpRequestMessage(HttpMethod.Get, upstream.Url);
        using (var response = await client.Invoker.SendAsync(request, Token))
            response.StatusCode.ShouldBe(HttpStatusCode.OK);

        Clients.Count.ShouldBe(0);
        client.Leave();
        client.TryEnter().ShouldBeFalse();
    }

    [Theory]
    [InlineData("nonsense", "The client certificate is not")]
    [InlineData("no key", "The client certificate is not")]
    [InlineData("another key", "The client certificate is not")]
    [InlineData("unsealed", "The client-certificate of")]
    [InlineData("authority", "The trusted authority at 1 is not one certificate in PEM")]
    [InlineData("intermediate", "The trusted authority at 0 is not one certificate in PEM that is its own issuer")]
    [InlineData("clear", "is asked in clear")]
    public async Task A_document_that_cannot_be_used_is_a_fault_and_the_last_good_one_stays(string what, string fault)
    {
        await using var upstream = await StartAsync("127.0.0.1");
        var (tenant, pool) = Tenant(upstream, [_root.Pem]);
        await PutAsync(tenant, pool);
        using var other = _root.Issue("other", TestAuthority.ForClients);
        using var intermediate = _root.Intermediate();

        await PutAsync(tenant, what switch
        {
            "nonsense" => WithCertificate(pool, "nonsense"),
            "no key" => WithCertificate(pool, _own.ExportCertificatePem()),
            "another key" => WithCertificate(pool, _own.ExportCertificatePem() + "\n" + other.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            "unsealed" => pool with { ClientCertificate = new("p", [], []) },
            "authority" => pool with { TrustedAuthorities = [_root.Pem, "nonsense"] },
            "intermediate" => pool with { TrustedAuthorities = [intermediate.Pem] },
            _ => pool with { Endpoints = [new(EndpointId.New(), new("http://127.0.0.1:9"))] },
        });

        _world.Gateway.Snapshot!.Rejected.Values.Single().Faults.ShouldHaveSingleItem().ShouldContain(fault);
        (await AskAsync(tenant)).ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The handler's one policy would else gather what every endpoint sends.</summary>
    [Fact]
    public async Task A_handshake_leaves_nothing_in_the_policy_of_its_options()
    {
        await using var upstream = await StartAsync("127.0.0.1");
        var (tenant, pool) = Tenant(upstream, [_root.Pem]);
        await PutAsync(tenant, pool);
        var options = _world.Gateway.Snapshot!.Pools[pool.Id].Identity!.NewOptions();
        options.TargetHost = "127.0.0.1";
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", upstream.Url.Port, Token);
        await using var tls = new SslStream(client.GetStream());

        await tls.AuthenticateAsClientAsync(options, Token);

        options.CertificateChainPolicy!.ExtraStore.ShouldBeEmpty();
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer)).AsTask();
    }

    private static async Task<HttpStatusCode> AskAsync(TestTenant tenant)
    {
        using var response = await tenant.PostAsync(tenant.Body());
        await response.Content.ReadAsByteArrayAsync(Token);
        return response.StatusCode;
    }

    /// <summary>An endpoint whose certificate is for this name, by our authority.</summary>
    private Task<TlsUpstream> StartAsync(string name, RequestDelegate? answer = null) =>
        TlsUpstream.StartAsync(_root.Issue(name, TestAuthority.ForServers), answer ?? AnswerAsync);

    private (TestTenant Tenant, PoolDocument Pool) Tenant(TlsUpstream upstream, string[]? authorities)
    {
        var tenant = new TestTenant(_world.Control, _world.Gateway);
        var pool = tenant.Pool("vllm", upstream.Url) with { TrustedAuthorities = authorities };
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(models: tenant.ModelOn(pool));
        return (tenant, pool);
    }

    private PoolDocument WithCertificate(PoolDocument pool, string pem) => pool with
    {
        ClientCertificate = _world.Control.Seal(pem, pool.TenantId, SealedSecret.ClientCertificateKind, pool.Id.ToString()),
    };

    private Task PutAsync(TestTenant tenant, PoolDocument pool)
    {
        tenant.PutPool(pool);
        return _world.Gateway.ReachAsync(_world.Control);
    }
}
