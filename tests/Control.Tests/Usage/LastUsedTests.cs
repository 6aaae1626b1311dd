using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Control.Tests.Usage;

/// <summary>The ledger says when a key was last used, to the minute.</summary>
public sealed class LastUsedTests(Servers servers) : UsageTestBase(servers)
{
    [Fact]
    public async Task A_key_shows_when_its_newest_usage_began_and_never_an_older_one()
    {
        var (tenant, agent) = (await TenantAsync(), await AgentAsync());
        var (used, other) = (await KeyAsync(tenant), await KeyAsync(tenant));
        var now = DateTimeOffset.UtcNow;

        await Intake.HandleAsync(agent.Batch(Of(agent, tenant, used, 1, now.AddMinutes(-30)), Of(agent, tenant, used, 2, now.AddMinutes(-10)), Of(agent, tenant, null, 3, now)), Ct);
        await Intake.HandleAsync(agent.Batch(Of(agent, tenant, used, 4, now.AddMinutes(-20))), Ct);

        ((await LastUsedAsync(tenant, used))!.Value - now.AddMinutes(-10)).Duration().ShouldBeLessThan(TimeSpan.FromMilliseconds(1));
        (await LastUsedAsync(tenant, other)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_that_somebody_is_changing_does_not_hold_up_the_ledger()
    {
        var (tenant, agent) = (await TenantAsync(), await AgentAsync());
        var key = await KeyAsync(tenant);
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                await db.ApiKeys.Where(k => k.Id == key).ExecuteUpdateAsync(k => k.SetProperty(r => r.Name, "held"), ct);

                await Intake.HandleAsync(agent.Batch(Of(agent, tenant, key, 1, DateTimeOffset.UtcNow)), ct).WaitAsync(TimeSpan.FromSeconds(30), ct);
                return true;
            },
            Ct);

        (await StoredAsync()).Count.ShouldBe(1);
        (await LastUsedAsync(tenant, key)).ShouldBeNull();
    }

    private static UsageRecord Of(SigningAgent agent, TenantId tenant, ApiKeyId? key, long sequence, DateTimeOffset at) =>
        agent.Record(tenant, sequence, at) with { ApiKeyId = key };

    private async Task<ApiKeyId> KeyAsync(TenantId tenant)
    {
        var (project, id) = (ProjectId.New(), ApiKeyId.New());
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                db.Projects.Add(new() { TenantId = tenant, Id = project, Name = project.ToString(), CreatedAt = DateTimeOffset.UtcNow });
                await db.SaveChangesAsync(ct);
                db.ApiKeys.Add(new()
                {
                    TenantId = tenant,
                    Id = id,
                    ProjectId = project,
                    Name = "k",
                    Prefix = ApiKeyPrefix.Parse(ApiKeyFormat.Generate()[..ApiKeyFormat.PrefixLength]),
                    PepperId = "p",
                    Hash = new byte[32],
                    CreatedBy = "test",
                    CreatedAt = DateTimeOffset.UtcNow,
                });
                return await db.SaveChangesAsync(ct);
            },
            Ct);
        return id;
    }

    private Task<DateTimeOffset?> LastUsedAsync(TenantId tenant, ApiKeyId key) =>
        Database.InTenantAsync(tenant, (db, ct) => db.ApiKeys.Where(k => k.Id == key).Select(k => k.LastUsedAt).SingleAsync(ct), Ct);
}
