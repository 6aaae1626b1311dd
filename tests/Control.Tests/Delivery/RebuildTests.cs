using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Control.Delivery;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Delivery;

public sealed class RebuildTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Documents_that_were_lost_come_back_as_they_were_each_for_its_own_tenant()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        for (var i = 0; i < 60; i++) // more resources than are compiled together
        {
            var (tenant, _) = await control.TenantAsync();
            await Keys.AddAsync(control, tenant, i == 0 ? KeyShardDocument.MaxKeys + 3 : 2);
        }
        var before = await DocumentsAsync(agent);
        await control.Database.InPlatformAsync((db, ct) => db.ConfigResources.Where(r => r.Kind != ConfigKinds.Platform).ExecuteDeleteAsync(ct), Ct);

        await control.Services.GetRequiredService<ConfigRebuild>().RunAsync("test", Ct);

        before.Count.ShouldBeGreaterThan(120);
        (await DocumentsAsync(agent)).ShouldBe(before);
    }

    private static async Task<List<(string, string, string)>> DocumentsAsync(EnrolledAgent agent)
    {
        var (_, resources) = await agent.CatchUpAsync();
        return [.. resources.Select(r => (r.Kind, r.Key, r.Document!.Value.GetRawText())).OrderBy(r => r.Key, StringComparer.Ordinal)];
    }
}
