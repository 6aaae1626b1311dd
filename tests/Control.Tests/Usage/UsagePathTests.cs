using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Usage;

/// <summary>From an agent's publish, as its own broker user, to the answer of the API.</summary>
public sealed class UsagePathTests(ControlApp control) : IClassFixture<ControlApp>
{
    private readonly BootId _boot = BootId.New();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Published_usage_is_counted_once_and_exported_row_by_row()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var agent = await EnrolledAgent.EnrolAsync(control);
        await using var listener = await GroupListener.StartAsync(agent);
        var records = Enumerable.Range(1, 20).Select(i => Record(agent, tenant, i)).ToList();
        records[3] = records[3] with { ModelAsked = "=cmd|' /C calc'!A0", Status = 502, ErrorCode = "upstream, \"down\"" };

        await PublishAsync(listener, agent, records);
        await PublishAsync(listener, agent, records[5..]);
        await UntilAsync(async () => (await UsageAsync(admin, tenant)).Total.Requests >= 20);

        var usage = await UsageAsync(admin, tenant);
        usage.Total.ShouldBe(new(20, 1, 20 * 120, 20 * 20, 20 * 40, 20 * 5));
        (await UsageAsync(admin, tenant, "day")).Total.ShouldBe(usage.Total);
        using var export = await admin.GetAsync($"/api/v1/tenants/{tenant}/usage/export?format=csv", Ct);
        export.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var csv = await export.Content.ReadAsStringAsync(Ct);
        csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(21);
        foreach (var record in records)
            csv.ShouldContain($"\r\n{record.Id},");
        csv.ShouldContain(",\"'=cmd|' /C calc'!A0\",");
        csv.ShouldContain(",\"upstream, \"\"down\"\"\",");
    }

    [Fact]
    public async Task A_gap_is_noticed_asked_for_and_closed_by_the_replay()
    {
        var (tenant, _) = await control.TenantAsync();
        using var agent = await EnrolledAgent.EnrolAsync(control);
        await using var listener = await GroupListener.StartAsync(agent);
        await PublishAsync(listener, agent, [Record(agent, tenant, 1), Record(agent, tenant, 2), Record(agent, tenant, 5)]);
        await ReportAsync(listener, agent, BusTopology.JournalHeadsType, JsonSerializer.SerializeToUtf8Bytes(
            new JournalHeads(agent.Answer.AgentId, [new(_boot, 6)]), WireJson.Default.JournalHeads));

        var (inside, end) = (await listener.NextReplayAsync(), await listener.NextReplayAsync());

        inside.ShouldBe(new(agent.Answer.AgentId, _boot, 3, 4));
        end.ShouldBe(new(agent.Answer.AgentId, _boot, 6, 6));
        await PublishAsync(listener, agent, [Record(agent, tenant, 6), Record(agent, tenant, 4), Record(agent, tenant, 3)]);
        await UntilAsync(() => control.Database.InIngestAsync(
            (db, ct) => db.JournalWatermarks.AnyAsync(w => w.BootId == _boot && w.Contiguous == 6, ct), Ct));
    }

    [Fact]
    public async Task A_report_shows_in_the_fleet_what_the_agent_holds_and_refused()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        using var http = await control.OperatorAsync();
        await using var listener = await GroupListener.StartAsync(agent);
        var head = (await agent.CatchUpAsync()).Head;
        var faults = Enumerable.Range(0, 100).Select(i => $"fault {i}").ToList();

        await ReportAsync(listener, agent, BusTopology.ConfigAppliedType, JsonSerializer.SerializeToUtf8Bytes(
            new ConfigApplied(agent.Answer.AgentId, _boot, AgentGroupName.Parse("elsewhere"), head.Epoch, head.Revision, [new("pool", "x", 1, faults)], DateTimeOffset.UtcNow),
            WireJson.Default.ConfigApplied));
        await UntilAsync(async () => (await FleetAsync(http, agent)).AppliedRevision == head.Revision);

        var seen = await FleetAsync(http, agent);
        (seen.Group, seen.BootId).ShouldBe((AgentGroupName.Default, _boot));
        seen.GroupRevision.ShouldBeGreaterThanOrEqualTo(head.Revision);
        seen.Rejected.ShouldHaveSingleItem().Faults.Count.ShouldBe(10);
        seen.LastSeenAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Usage_is_for_members_billing_too_and_for_nobody_else()
    {
        var (tenant, _) = await control.TenantAsync();
        using var billing = await control.CallerAsync(tenant: tenant, role: TenantRoles.Billing);
        using var stranger = await control.CallerAsync();

        (await UsageAsync(billing, tenant)).Rows.ShouldBeEmpty();
        foreach (var path in new[] { "usage", "usage/export" })
        {
            using var answer = await stranger.GetAsync($"/api/v1/tenants/{tenant}/{path}", Ct);
            await answer.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        }
    }

    [Theory]
    [InlineData("usage?bucket=minute", "bucket")]
    [InlineData("usage?from=yesterday", "from")]
    [InlineData("usage?from=2026-01-01&to=2026-06-01&bucket=hour", "from")]
    [InlineData("usage/export?format=xlsx", "format")]
    [InlineData("usage/export?from=2026-01-02&to=2026-01-01", "from")]
    public async Task A_wrong_question_is_answered_with_its_faults(string path, string parameter)
    {
        var (tenant, admin) = await control.TenantAsync();

        using var answer = await admin.GetAsync($"/api/v1/tenants/{tenant}/{path}", Ct);

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed);
        problem.GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    private static Task<UsageAnswer> UsageAsync(HttpClient http, TenantId tenant, string bucket = "hour")
    {
        var (from, to) = (DateTime.UtcNow.AddDays(-1), DateTime.UtcNow.AddDays(1));
        return http.GetAsync<UsageAnswer>(string.Create(CultureInfo.InvariantCulture, $"/api/v1/tenants/{tenant}/usage?bucket={bucket}&from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}"));
    }

    private static async Task<AgentAnswer> FleetAsync(HttpClient http, EnrolledAgent agent) =>
        (await http.GetAsync<Page<AgentAnswer>>("/api/v1/agents?limit=200")).Items.Single(a => a.Id == agent.Answer.AgentId);

    private UsageRecord Record(EnrolledAgent agent, TenantId tenant, long sequence) => Records.Some(agent.Answer.AgentId, _boot, sequence, tenant);

    private static Task PublishAsync(GroupListener listener, EnrolledAgent agent, IReadOnlyList<UsageRecord> records) => listener.PublishAsync(
        agent, BusTopology.Usage, BusTopology.UsageBatchType, JsonSerializer.SerializeToUtf8Bytes(new UsageBatch(agent.Answer.AgentId, records), WireJson.Default.UsageBatch));

    private static Task ReportAsync(GroupListener listener, EnrolledAgent agent, string type, byte[] body) =>
        listener.PublishAsync(agent, BusTopology.Agents, type, body);

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(50, Ct);
        }
    }
}
