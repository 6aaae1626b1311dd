using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Identity;

/// <summary>Programs that sign in, and that are refused, stand in the trail, however often they come.</summary>
public sealed class ClientTrailTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sign_ins_of_a_tenants_program_are_one_row_a_minute_in_its_trail()
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ServiceClientSecretAnswer>(
            $"/api/v1/tenants/{tenant}/service-clients", new ServiceClientRequest { Name = "nightly", Role = TenantRoles.Developer, Scopes = [ApiScopes.Read] });

        for (var i = 0; i < 3; i++)
        {
            using var answer = await control.ClientTokenAsync(made.Client.ClientId, made.ClientSecret!, ApiScopes.Read);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var row = (await OfAsync(tenant, made.Client.ClientId)).ShouldHaveSingleItem();
        row.ShouldSatisfyAllConditions(
            r => r.Action.ShouldBe("client.sign-in"),
            r => r.ActorKind.ShouldBe(ActorKinds.Client),
            r => r.ActorName.ShouldBe("nightly"),
            r => r.Outcome.ShouldBe(AuditOutcomes.Success),
            r => r.Address.ShouldNotBeNullOrEmpty());
        (await OfAsync(TenantId.Platform, made.Client.ClientId)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a wrong secret", ApiScopes.Read, "invalid_client")]
    [InlineData(null, ApiScopes.All, "invalid_request")]
    public async Task Refused_ones_are_one_row_a_minute_with_what_was_wrong(string? secret, string scope, string error)
    {
        var (tenant, admin) = await control.TenantAsync();
        var made = await admin.CreateAsync<ServiceClientSecretAnswer>(
            $"/api/v1/tenants/{tenant}/service-clients", new ServiceClientRequest { Name = "nightly", Role = TenantRoles.Developer, Scopes = [ApiScopes.Read] });

        for (var i = 0; i < 3; i++)
        {
            using var answer = await control.ClientTokenAsync(made.Client.ClientId, secret ?? made.ClientSecret!, scope);
            (await answer.ErrorOfAsync()).ShouldBe(error);
        }

        var row = (await OfAsync(tenant, made.Client.ClientId)).ShouldHaveSingleItem();
        (row.Action, row.Outcome, row.Details?.GetProperty("about").GetString()).ShouldBe(("client.sign-in-failed", AuditOutcomes.Failed, error));
    }

    [Fact]
    public async Task Unknown_clients_are_one_row_a_minute_in_all_without_what_they_called_themselves()
    {
        for (var i = 0; i < 3; i++)
        {
            using var answer = await control.ClientTokenAsync($"nobody-{Guid.NewGuid():N}", "a secret", ApiScopes.All);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await OfAsync(TenantId.Platform, "unknown")).Count(e => e.Action == "client.sign-in-failed").ShouldBe(1);
        var all = await control.Database.InPlatformAsync((db, ct) => db.AuditEvents.AsNoTracking().ToListAsync(ct), Cancel);
        all.ShouldAllBe(e => !e.Actor.StartsWith("nobody-") && !e.Target.StartsWith("nobody-"));
    }

    [Fact]
    public async Task An_agent_writes_none()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);

        await agent.CatchUpAsync();

        var all = await control.Database.InPlatformAsync((db, ct) => db.AuditEvents.AsNoTracking().Where(e => e.Action.StartsWith("client.")).ToListAsync(ct), Cancel);
        all.ShouldAllBe(e => !e.Actor.StartsWith("agent-"));
    }

    private Task<List<AuditEventRow>> OfAsync(TenantId trail, string client) => control.Database.InPlatformAsync(
        (db, ct) => db.AuditEvents.AsNoTracking().Where(e => e.TenantId == trail && e.Target == client).ToListAsync(ct), Cancel);
}
