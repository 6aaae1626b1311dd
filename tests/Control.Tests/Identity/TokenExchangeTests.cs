using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Data.Entities;
using Platform.Control.Identity;

namespace Platform.Control.Tests.Identity;

/// <summary>An operator enters a tenant with a token that is exchanged for the operator's own (RFC 8693), and leaves a trace.</summary>
public sealed class TokenExchangeTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 15, "platform.api")]
    [InlineData(true, 5, "platform.api platform.tenant.write")]
    public async Task The_token_says_who_acts_where_and_ends_soon(bool raised, int minutes, string scope)
    {
        var (tenant, _) = await control.TenantAsync();
        var caller = await control.OperatorWithTokenAsync();

        using var answer = await control.ExchangeAsync(caller, tenant, raised);

        var body = await answer.ShouldBeAsync<JsonElement>(HttpStatusCode.OK);
        body.TryGetProperty("refresh_token", out _).ShouldBeFalse();
        body.GetProperty("issued_token_type").GetString().ShouldBe("urn:ietf:params:oauth:token-type:access_token");
        var token = new JsonWebToken(body.GetProperty("access_token").GetString());
        token.Subject.ShouldBe($"tenant-{tenant}");
        token.Typ.ShouldBe("at+jwt");
        token.Audiences.ShouldBe(["platform.api"]);
        JsonDocument.Parse(token.GetPayloadValue<JsonElement>("act").GetRawText()).RootElement.GetProperty("sub").GetString().ShouldBe(caller.Id);
        token.GetPayloadValue<string>("platform_tenant").ShouldBe(tenant.ToString());
        token.GetPayloadValue<string>("scope").ShouldBe(scope);
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromMinutes(minutes), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task What_an_operator_writes_inside_is_in_the_tenants_trail_under_the_operators_name()
    {
        var (tenant, _) = await control.TenantAsync();
        var caller = await control.OperatorWithTokenAsync();
        using var looking = await control.EnterAsync(caller, tenant);
        using var raised = await control.EnterAsync(caller, tenant, raised: true);

        using var refused = await looking.PostAsync($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        await raised.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });

        await refused.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.Forbidden);
        (await looking.GetAsync<Page<ProjectAnswer>>($"/api/v1/tenants/{tenant}/projects")).Items.Count.ShouldBe(1);
        var write = (await TrailAsync(tenant)).Single(a => a.Action == "project.create");
        write.Actor.ShouldBe(caller.Id);
        write.ActorKind.ShouldBe(ActorKinds.Operator);
    }

    [Fact]
    public async Task Each_entry_granted_or_refused_is_in_the_tenants_trail_and_in_the_platforms()
    {
        var (tenant, _) = await control.TenantAsync();
        var (id, secret) = await control.ClientAsync();
        var member = new ClientWithToken(id, secret, await control.TokenAsync(id, secret));
        var caller = await control.OperatorWithTokenAsync();

        using var granted = await control.ExchangeAsync(caller, tenant, raised: true);
        using var refused = await control.ExchangeAsync(member, tenant);

        granted.StatusCode.ShouldBe(HttpStatusCode.OK);
        await RefusedAsync(refused, "access_denied");
        foreach (var trail in new[] { tenant, TenantId.Platform })
        {
            var entries = (await TrailAsync(trail)).Where(a => a.Action == "tenant.enter" && a.Target == tenant.ToString()).ToList();
            entries.Select(a => (a.Actor, a.Outcome)).ShouldBe([(caller.Id, AuditOutcomes.Success), (member.Id, AuditOutcomes.Denied)]);
            entries.ShouldAllBe(a => a.ActorKind == ActorKinds.Operator && a.Address != null);
            entries[0].Details!.Value.GetProperty("reason").GetString().ShouldBe("ticket 7");
            entries[0].Details!.Value.GetProperty("raised").GetBoolean().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Who_only_looks_cannot_be_raised_and_who_lost_the_role_has_lost_it_inside_too()
    {
        var (tenant, _) = await control.TenantAsync();
        var viewer = await control.OperatorWithTokenAsync(OperatorRoles.Viewer);
        var caller = await control.OperatorWithTokenAsync();
        using var raised = await control.EnterAsync(caller, tenant, raised: true);
        using var looking = await control.EnterAsync(viewer, tenant);
        (await looking.GetAsync($"/api/v1/tenants/{tenant}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var refused = await control.ExchangeAsync(viewer, tenant, raised: true);
        await control.Database.InPlatformAsync((db, ct) => db.Operators.Where(o => o.Principal == caller.Id).ExecuteDeleteAsync(ct), Cancel);
        using var read = await raised.GetAsync($"/api/v1/tenants/{tenant}", Cancel);
        using var again = await control.ExchangeAsync(caller, tenant);

        await RefusedAsync(refused, "access_denied");
        await read.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        await RefusedAsync(again, "access_denied");
    }

    [Fact]
    public async Task A_token_that_was_exchanged_or_narrowed_or_is_another_clients_is_not_exchanged()
    {
        var (tenant, _) = await control.TenantAsync();
        var (other, _) = await control.TenantAsync();
        var caller = await control.OperatorWithTokenAsync();
        var stranger = await control.OperatorWithTokenAsync();
        using var inside = await control.EnterAsync(caller, tenant, raised: true);
        var exchanged = inside.DefaultRequestHeaders.Authorization!.Parameter!;

        using var twice = await control.ExchangeAsync(caller with { Token = exchanged }, other);
        using var stolen = await control.ExchangeAsync(stranger with { Token = caller.Token }, tenant);
        using var forged = await control.ExchangeAsync(caller with { Token = caller.Token[..^8] + "AAAAAAAA" }, tenant);

        await RefusedAsync(twice, "invalid_grant");
        await RefusedAsync(stolen, "invalid_grant");
        (await stolen.Content.ReadAsStringAsync(Cancel)).ShouldNotContain(stranger.Secret);
        ((int)forged.StatusCode).ShouldBeInRange(400, 401);
    }

    [Theory]
    [InlineData("reason", null, "invalid_request")]
    [InlineData("reason", " ", "invalid_request")]
    [InlineData("resource", null, "invalid_target")]
    [InlineData("resource", "urn:platform:tenant:nonsense", "invalid_target")]
    [InlineData("resource", "urn:platform:tenant:00000000-0000-7000-8000-000000000001", "invalid_target")]
    [InlineData("resource", "urn:platform:tenant:00000000-0000-7000-8000-00000000dead", "invalid_target")]
    [InlineData("scope", "openid", "invalid_scope")]
    public async Task A_request_that_does_not_say_where_or_why_is_refused(string parameter, string? value, string error)
    {
        var (tenant, _) = await control.TenantAsync();

        using var answer = await control.ExchangeAsync(await control.OperatorWithTokenAsync(), tenant, false, (parameter, value));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain(parameter == "scope" ? "error" : error);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_good_for_nothing()
    {
        var (tenant, _) = await control.TenantAsync();
        var caller = await control.OperatorWithTokenAsync();
        using var ended = control.With(Mint(caller.Id, tenant, DateTime.UtcNow.AddMinutes(-5)));
        using var good = control.With(Mint(caller.Id, tenant, DateTime.UtcNow.AddMinutes(5)));

        using var refused = await ended.GetAsync($"/api/v1/tenants/{tenant}", Cancel);
        using var taken = await good.GetAsync($"/api/v1/tenants/{tenant}", Cancel);

        await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated);
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_tenants_own_client_may_not_exchange_and_nobody_is_raised_otherwise()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ServiceClientSecretAnswer>(
            $"/api/v1/tenants/{tenant}/service-clients", new ServiceClientRequest { Name = "c", Role = TenantRoles.Admin, Scopes = [ApiScopes.All] });
        var client = new ClientWithToken(made.Client.ClientId, made.ClientSecret!, await control.TokenAsync(made.Client.ClientId, made.ClientSecret!));
        var (id, secret) = await control.ClientAsync();

        using var refused = await control.ExchangeAsync(client, tenant);
        using var direct = await control.ClientTokenAsync(id, secret, "platform.api platform.tenant.write");

        await RefusedAsync(refused, "unauthorized_client");
        var token = new JsonWebToken((await direct.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK)).AccessToken);
        token.GetPayloadValue<string>("scope").ShouldBe("platform.api");
    }

    [Fact]
    public void A_raised_operator_has_nothing_of_an_owners()
    {
        var tenant = TenantId.New();
        var caller = new CallerRights
        {
            Subject = "o",
            OperatorRole = OperatorRoles.Operator,
            Tenant = tenant,
            TenantExists = true,
            Acting = new("o", tenant, IsRaised: true),
        };

        Rights.TenantWrite.IsHeldBy(caller).ShouldBeTrue();
        Rights.TenantClose.IsHeldBy(caller).ShouldBeFalse();
    }

    private string Mint(string principal, TenantId tenant, DateTime expires) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = control.Url.ToString(),
        Audience = "platform.api",
        TokenType = "at+jwt",
        Claims = new Dictionary<string, object>
        {
            ["sub"] = $"tenant-{tenant}",
            ["act"] = new Dictionary<string, object> { ["sub"] = principal },
            ["platform_tenant"] = tenant.ToString(),
            ["scope"] = "platform.api",
        },
        Expires = expires,
        SigningCredentials = new(control.Services.GetRequiredService<SigningKeys>().Verifying[0], SecurityAlgorithms.RsaSha256),
    });

    private Task<List<AuditEventRow>> TrailAsync(TenantId tenant) => control.Database.InPlatformAsync(
        (db, ct) => db.AuditEvents.AsNoTracking().Where(a => a.TenantId == tenant).OrderBy(a => a.Id).ToListAsync(ct), Cancel);

    private static async Task RefusedAsync(HttpResponseMessage answer, string error)
    {
        var body = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        JsonDocument.Parse(body).RootElement.GetProperty("error").GetString().ShouldBe(error);
    }
}
