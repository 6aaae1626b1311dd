using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.ClientCertificates;
using Platform.Gateway.Configuration;
using Platform.Gateway.Listening;
using Platform.Gateway.Tests.World;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Tests;

/// <summary>Tenants whose callers must show a certificate in the TLS handshake.</summary>
public sealed class CallerCertificateTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly FakeControl _control = new();
    private readonly ServerCertificates _files = new();
    private readonly TestAuthority _root = new();
    private GatewayHost? _gateway;

    public async ValueTask InitializeAsync()
    {
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [_control.PepperEntry()] });
        _files.Replace();
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        _root.Dispose();
        _files.Dispose();
        await _control.DisposeAsync();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_caller_with_a_certificate_of_a_named_authority_comes_in_and_it_is_verified_once(string version)
    {
        var tenant = await StartAsync(_root.Pem);
        using var own = _root.Issue("caller", TestAuthority.ForClients);

        for (var i = 0; i < 3; i++)
            (await AskAsync(tenant, own, Version.Parse(version))).ShouldBe((HttpStatusCode.OK, null));

        _gateway!.Services.GetRequiredService<CallerCertificates>().Verifications.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_sends_the_issuers_between()
    {
        var tenant = await StartAsync(_root.Pem);
        using var intermediate = _root.Intermediate();
        using var own = intermediate.Issue("caller", TestAuthority.ForClients);

        (await AskAsync(tenant, own)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_rejected"));
        (await AskAsync(tenant, own, issuers: intermediate)).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(tenant, own, issuers: intermediate)).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task Who_comes_again_shows_the_issuers_again_since_no_session_may_be_resumed()
    {
        var tenant = await StartAsync(_root.Pem);
        using var intermediate = _root.Intermediate();
        using var own = intermediate.Issue("caller", TestAuthority.ForClients);
        using var client = Client(own, [intermediate]);
        client.DefaultRequestHeaders.ConnectionClose = true;

        _gateway!.Services.GetRequiredService<ServerCertificate>().OptionsFor(new DefaultConnectionContext()).AllowTlsResume.ShouldBeFalse();
        for (var i = 0; i < 3; i++)
            (await AskAsync(tenant, client, _gateway.Urls[1], HttpVersion.Version11)).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task Who_shows_none_or_another_is_refused_and_tenants_that_want_none_are_not_concerned()
    {
        var tenant = await StartAsync(_root.Pem);
        var free = Tenant(null);
        await _gateway!.ReachAsync(_control);
        using var other = new TestAuthority();
        using var foreign = other.Issue("caller", TestAuthority.ForClients);
        using var server = _root.Issue("caller", TestAuthority.ForServers);
        using var expired = _root.Issue("caller", TestAuthority.ForClients, DateTimeOffset.UtcNow.AddHours(-1));

        (await AskAsync(tenant, null)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_required"));
        (await AskAsync(tenant, null, url: _gateway.Url)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_required"));
        (await AskAsync(tenant, foreign)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_rejected"));
        (await AskAsync(tenant, server)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_rejected"));
        (await AskAsync(tenant, expired)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_rejected"));
        (await AskAsync(free, null)).ShouldBe((HttpStatusCode.OK, null));
        (await AskAsync(free, foreign)).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task An_empty_list_lets_nobody_in()
    {
        var tenant = await StartAsync();
        using var own = _root.Issue("caller", TestAuthority.ForClients);

        (await AskAsync(tenant, own)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_rejected"));
    }

    [Fact]
    public async Task Another_list_is_in_force_on_connections_that_are_open()
    {
        var tenant = await StartAsync(_root.Pem);
        using var own = _root.Issue("caller", TestAuthority.ForClients);
        using var other = new TestAuthority();
        using var client = Client(own, []);
        (await AskAsync(tenant, client, _gateway!.Urls[1], HttpVersion.Version11)).ShouldBe((HttpStatusCode.OK, null));

        tenant.Put(tenant.Document() with { Isolation = new() { ClientAuthorities = [other.Pem] } });
        await _gateway.ReachAsync(_control);

        (await AskAsync(tenant, client, _gateway.Urls[1], HttpVersion.Version11)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_rejected"));
    }

    [Fact]
    public async Task Where_nobody_is_asked_for_a_certificate_none_is_seen()
    {
        var tenant = await StartAsync(["Listen:ClientCertificates=None"], _root.Pem);
        using var own = _root.Issue("caller", TestAuthority.ForClients);

        (await AskAsync(tenant, own)).ShouldBe((HttpStatusCode.Forbidden, "client_certificate_required"));
    }

    [Theory]
    [InlineData("Listen:ClientCertificates=Sometimes", "ClientCertificates")]
    [InlineData("Listen:ClientCertificates=Allowed", "ClientCertificates needs Https")]
    public async Task Faults_in_the_settings_are_said(string setting, string fault) =>
        (await Should.ThrowAsync<SettingsException>(() => GatewayHost.StartAsync(_control.Url, _control.Token, null, setting))).Message.ShouldContain(fault);

    [Fact]
    public void A_good_result_ends_with_the_certificate_and_a_bad_one_after_a_minute()
    {
        var time = NewTime();
        var certificates = new CallerCertificates(time);
        var (authorities, others) = (Authorities(_root.Pem), Authorities());
        using var own = _root.Issue("caller", TestAuthority.ForClients, time.GetUtcNow().AddMinutes(10));
        var shown = PresentedCertificate.Of(own, null);

        certificates.IsIssuedBy(shown, authorities).ShouldBeTrue();
        certificates.IsIssuedBy(shown, others).ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(59));
        (certificates.IsIssuedBy(shown, authorities), certificates.IsIssuedBy(shown, others), certificates.Verifications).ShouldBe((true, false, 2));
        time.Advance(TimeSpan.FromSeconds(2));
        (certificates.IsIssuedBy(shown, authorities), certificates.IsIssuedBy(shown, others), certificates.Verifications).ShouldBe((true, false, 3));
        time.Advance(TimeSpan.FromMinutes(10));

        certificates.IsIssuedBy(shown, authorities).ShouldBeFalse();
    }

    [Fact]
    public void A_certificate_that_is_not_valid_yet_is_not_believed()
    {
        var time = NewTime();
        using var own = _root.Issue("caller", TestAuthority.ForClients);
        time.Advance(-TimeSpan.FromHours(30));

        new CallerCertificates(time).IsIssuedBy(PresentedCertificate.Of(own, null), Authorities(_root.Pem)).ShouldBeFalse();
    }

    [Fact]
    public void Results_are_kept_up_to_a_number()
    {
        var certificates = new CallerCertificates(NewTime(), maxResults: 2);
        var shown = Enumerable.Range(0, 3).Select(_ =>
        {
            using var own = _root.Issue("caller", TestAuthority.ForClients);
            return PresentedCertificate.Of(own, null);
        }).ToList();
        var authorities = Authorities(_root.Pem);

        shown.ShouldAllBe(s => certificates.IsIssuedBy(s, authorities));
        certificates.IsIssuedBy(shown[2], authorities).ShouldBeTrue();
        certificates.Verifications.ShouldBe(3);
        certificates.IsIssuedBy(shown[0], authorities).ShouldBeTrue();

        certificates.Verifications.ShouldBe(4);
    }

    private static ManualTime NewTime()
    {
        var time = new ManualTime();
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow());
        return time;
    }

    private static CertificateAuthorities Authorities(params string[] pems) => CertificateAuthorities.Read(pems, "", null)!;

    private static HttpClient Client(X509Certificate2? certificate, TestAuthority[] issuers)
    {
        var chain = new X509Certificate2Collection(issuers.Select(i => X509Certificate2.CreateFromPem(i.Pem)).ToArray());
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = ServerCertificates.IsOurs } };
        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        return new(handler);
    }

    private static async Task<(HttpStatusCode Status, string? Code)> AskAsync(TestTenant tenant, HttpClient client, Uri url, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/v1/models")) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = new("Bearer", tenant.Key);
        using var response = await client.SendAsync(request, Token);
        return (response.StatusCode, response.IsSuccessStatusCode ? null : (await Errors.CodeAsync(response)).Code);
    }

    /// <summary>On a connection of its own, over TLS unless an address is given.</summary>
    private async Task<(HttpStatusCode Status, string? Code)> AskAsync(
        TestTenant tenant, X509Certificate2? certificate, Version? version = null, Uri? url = null, params TestAuthority[] issuers)
    {
        using var client = Client(certificate, issuers);
        return await AskAsync(tenant, client, url ?? _gateway!.Urls[1], version ?? HttpVersion.Version11);
    }

    private Task<TestTenant> StartAsync(params string[] authorities) => StartAsync(["Listen:ClientCertificates=Allowed"], authorities);

    private async Task<TestTenant> StartAsync(string[] settings, params string[] authorities)
    {
        _gateway = await GatewayHost.StartAsync(_control.Url, _control.Token, null, ["Listen:Https:0=127.0.0.1:0", .. _files.Settings, .. settings]);
        await _gateway.ReadyAsync();
        var tenant = Tenant(authorities);
        await _gateway.ReachAsync(_control);
        return tenant;
    }

    private TestTenant Tenant(string[]? authorities)
    {
        var tenant = new TestTenant(_control, _gateway!);
        tenant.PutKeys(tenant.KeyEntry());
        tenant.Put(tenant.Document() with { Isolation = authorities is null ? null : new() { ClientAuthorities = authorities } });
        return tenant;
    }
}
