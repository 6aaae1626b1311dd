using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Identity.External;

namespace Platform.Control.Tests.Identity;

/// <summary>A tenant's identity providers as a resource: who may write what, where they may be, whose domain they speak for.</summary>
public sealed class IdentityProviderTests(ControlApp control, ExternalControl loopback) : IClassFixture<ControlApp>, IClassFixture<ExternalControl>
{
    private const string Secret = "a secret of the client";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_provider_is_made_read_replaced_and_deleted_and_its_secret_is_never_shown()
    {
        var (tenant, owner) = await OwnerAsync();
        using var created = await owner.PostAsync(Path(tenant), Body("a.example"));
        var made = await created.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.Created);
        using var kept = await PutAsync(owner, tenant, made, Body("a.example") with { ClientSecret = null, Name = "renamed", Enabled = false });
        var second = await kept.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK);
        using var stale = await PutAsync(owner, tenant, made, Body("a.example"));
        using var removed = await PutAsync(owner, tenant, second, Body("b.example") with { ClientSecret = "" });
        var third = await removed.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK);
        using var deleted = await owner.DeleteAsync($"{Path(tenant)}/{made.Id}", Cancel);

        (await created.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(Secret);
        made.RedirectUri.ShouldBe(new Uri(control.Url, $"/identity/external/{made.Id}/callback").ToString());
        (made.HasClientSecret, made.DomainVerifiedAt, made.GroupsClaim).ShouldBe((true, null, "groups"));
        (second.Name, second.HasClientSecret, second.VerificationToken).ShouldBe(("renamed", true, made.VerificationToken));
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        third.HasClientSecret.ShouldBeFalse();
        third.VerificationToken.ShouldNotBe(made.VerificationToken);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync<Page<IdentityProviderAnswer>>(Path(tenant))).Items.ShouldBeEmpty();
        var trail = await control.Database.InPlatformAsync((db, ct) => db.AuditEvents.Where(a => a.TenantId == tenant && a.Target == made.Id.ToString()).ToListAsync(ct), Cancel);
        trail.Count.ShouldBe(4);
        trail.ShouldAllBe(a => !$"{a.Before}{a.After}{a.Details}".Contains(Secret));
    }

    [Fact]
    public async Task The_secret_is_sealed_in_the_database()
    {
        var (tenant, owner) = await OwnerAsync();
        var made = await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body("a.example"));

        var row = await control.Database.InPlatformAsync((db, ct) => db.IdentityProviders.SingleAsync(p => p.Id == made.Id, ct), Cancel);

        Encoding.UTF8.GetString(row.SealedSecret!).ShouldNotContain(Secret);
        control.Services.GetRequiredService<ProviderSecrets>().Open(row).ShouldBe(Secret);
    }

    [Theory]
    [InlineData("http://idp.example")]
    [InlineData("http://localhost:5000")]
    [InlineData("https://localhost")]
    [InlineData("https://idp.localhost")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://10.1.2.3")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://[::1]")]
    [InlineData("https://[::ffff:10.0.0.1]")]
    [InlineData("https://user:password@idp.example")]
    [InlineData("https://idp.example?tenant=1")]
    [InlineData("https://idp.example#x")]
    [InlineData("idp.example")]
    public async Task An_issuer_that_is_not_an_address_of_the_public_internet_is_refused(string issuer)
    {
        var (tenant, owner) = await OwnerAsync();

        using var answer = await owner.PostAsync(Path(tenant), Body("a.example") with { Issuer = issuer });

        (await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.UrlRefused)).GetProperty("errors").TryGetProperty("issuer", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Only_an_owner_writes_a_provider()
    {
        var (tenant, owner) = await OwnerAsync();
        using var admin = await control.CallerAsync(tenant: tenant, role: TenantRoles.Admin);
        var made = await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body("a.example"));

        using var created = await admin.PostAsync(Path(tenant), Body("b.example"));
        using var taken = await PutAsync(admin, tenant, made, Body("a.example") with { Issuer = "https://mine.example" });
        using var verified = await admin.PostAsync<object>($"{Path(tenant)}/{made.Id}/verify-domain", new { });
        using var deleted = await admin.DeleteAsync($"{Path(tenant)}/{made.Id}", Cancel);

        foreach (var answer in new[] { created, taken, verified, deleted })
            await answer.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
    }

    [Theory]
    [InlineData("https://other.acme.example", "platform", false)]
    [InlineData("https://login.acme.example/v2.0", "another", false)]
    [InlineData("https://login.acme.example/v2.0", "another", true)]
    public async Task Another_issuer_or_client_is_another_voice(string issuer, string client, bool givesSecret)
    {
        var (tenant, owner) = await OwnerAsync();
        var domain = $"d{Guid.NewGuid():N}.example";
        var made = await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body(domain));
        using var operators = await control.OperatorAsync();
        using var confirmed = await operators.ConfirmDomainAsync(tenant, made.Id, made.Version);
        var before = await confirmed.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK);

        using var moved = await PutAsync(owner, tenant, before, Body(domain) with { Issuer = issuer, ClientId = client, ClientSecret = givesSecret ? "another secret" : null });
        var after = await moved.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK);

        before.DomainVerifiedAt.ShouldNotBeNull();
        (after.DomainVerifiedAt, after.HasClientSecret, after.VerificationToken).ShouldBe((null, givesSecret, before.VerificationToken));
    }

    [Fact]
    public async Task Every_wrong_member_is_named()
    {
        var (tenant, owner) = await OwnerAsync();
        var mapping = Enumerable.Range(0, 101).ToDictionary(i => $"g{i}", _ => TenantRoles.Billing);

        using var answer = await owner.PostAsync(Path(tenant), Body("not a domain") with { Name = "", DefaultRole = TenantRoles.Owner });
        using var mapped = await owner.PostAsync(Path(tenant), Body("a.example") with { RoleMapping = mapping });

        var errors = (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors");
        errors.EnumerateObject().Select(e => e.Name).ShouldBe(["name", "domain", "defaultRole"], ignoreOrder: true);
        (await mapped.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty("roleMapping", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_domain_is_verified_for_one_at_a_time()
    {
        var (first, firstOwner) = await OwnerAsync();
        var (second, secondOwner) = await OwnerAsync();
        using var operators = await control.OperatorAsync();
        var mine = await firstOwner.CreateAsync<IdentityProviderAnswer>(Path(first), Body("shared.example"));
        var theirs = await secondOwner.CreateAsync<IdentityProviderAnswer>(Path(second), Body("shared.example"));

        using var confirmed = await operators.ConfirmDomainAsync(first, mine.Id, mine.Version);
        using var taken = await operators.ConfirmDomainAsync(second, theirs.Id, theirs.Version);
        var verified = await confirmed.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK);
        using var moved = await PutAsync(firstOwner, first, verified, Body("elsewhere.example"));
        using var free = await operators.ConfirmDomainAsync(second, theirs.Id, theirs.Version);

        verified.DomainVerifiedAt.ShouldNotBeNull();
        await taken.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.DomainTaken);
        (await moved.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK)).DomainVerifiedAt.ShouldBeNull();
        (await free.ShouldBeAsync<IdentityProviderAnswer>(HttpStatusCode.OK)).DomainVerifiedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_an_operator_confirms_is_what_they_have_seen()
    {
        var (tenant, owner) = await OwnerAsync();
        using var operators = await control.OperatorAsync();
        var seen = await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body("mine.example"));
        using var changed = await PutAsync(owner, tenant, seen, Body($"d{Guid.NewGuid():N}.example"));
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var late = await operators.ConfirmDomainAsync(tenant, seen.Id, seen.Version);
        using var blind = await operators.ConfirmDomainAsync(tenant, seen.Id, version: null);

        await late.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        ((int)blind.StatusCode).ShouldBe(428);
    }

    [Fact]
    public async Task Proofs_and_providers_are_bounded()
    {
        var (tenant, owner) = await OwnerAsync();
        var made = await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body("nothing.invalid"));
        for (var i = 0; i < 19; i++)
            await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body($"d{i}.example") with { Name = $"n{i}" });
        for (var i = 0; i < 10; i++)
        {
            using var tried = await owner.PostAsync<object>($"{Path(tenant)}/{made.Id}/verify-domain", new { });
            tried.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        using var eleventh = await owner.PostAsync<object>($"{Path(tenant)}/{made.Id}/verify-domain", new { });
        using var more = await owner.PostAsync(Path(tenant), Body("more.example") with { Name = "more" });

        await eleventh.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.TooManyRequests);
        await more.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.TooManyProviders);
    }

    [Fact]
    public async Task A_domain_that_shows_nothing_is_not_verified_and_one_proves_itself_by_the_whole_token_only()
    {
        var (tenant, owner) = await OwnerAsync();
        var made = await owner.CreateAsync<IdentityProviderAnswer>(Path(tenant), Body("nothing.invalid"));
        using var unproved = await owner.PostAsync<object>($"{Path(tenant)}/{made.Id}/verify-domain", new { });
        await unproved.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.DomainUnproved);

        var proof = loopback.App.Services.GetRequiredService<DomainProof>();
        Uri Shown(string path) => new(loopback.Provider.Url + path);
        loopback.Provider.Proof = "the token\n";
        (await proof.ShowsAsync(Shown("/proof"), "the token", Cancel)).ShouldBeTrue();
        (await proof.ShowsAsync(Shown("/proof"), "the toke", Cancel)).ShouldBeFalse();
        (await proof.ShowsAsync(Shown("/proof-moved"), "the token", Cancel)).ShouldBeFalse("a redirect is not the domain's own word");
        loopback.Provider.Proof = "the token" + new string(' ', 5000);
        (await proof.ShowsAsync(Shown("/proof"), "the token", Cancel)).ShouldBeFalse();
        (await control.Services.GetRequiredService<DomainProof>().ShowsAsync(Shown("/proof"), "the token", Cancel)).ShouldBeFalse("loopback is not the internet");
    }

    private async Task<(TenantId Tenant, HttpClient Owner)> OwnerAsync()
    {
        var (tenant, admin) = await control.TenantAsync();
        admin.Dispose();
        return (tenant, await control.CallerAsync(tenant: tenant, role: TenantRoles.Owner));
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/identity-providers";

    private static IdentityProviderRequest Body(string domain) => new()
    {
        Name = "Directory",
        Issuer = "https://login.acme.example/v2.0",
        ClientId = "platform",
        ClientSecret = Secret,
        Domain = domain,
        DefaultRole = TenantRoles.Developer,
        Enabled = true,
    };

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, TenantId tenant, IdentityProviderAnswer read, IdentityProviderRequest body)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{Path(tenant)}/{read.Id}") { Content = JsonContent.Create(body) };
        request.Headers.Add("If-Match", $"\"v{read.Version}\"");
        return http.SendAsync(request, Cancel);
    }
}
