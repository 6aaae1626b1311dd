using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Control.Agents;
using Platform.Control.Bus;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

/// <summary>The ledger on a fresh database, with agents that sign.</summary>
public abstract class UsageTestBase(Servers servers) : IAsyncLifetime
{
    private ServiceProvider? _services;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected Database Database => Get<Database>();

    private protected UsageIntake Intake => Get<UsageIntake>();

    private protected T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(await servers.NewDatabaseAsync());
        services.AddSingleton<Database>();
        services.AddSingleton<KnownAgents>();
        services.AddSingleton<BusMeter>().AddSingleton<Persistence>();
        services.AddSingleton<UsageMeter>().AddSingleton<Quarantine>().AddSingleton<Ledger>().AddSingleton<UsageIntake>();
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the database to everybody, sessions that are open included, or opens it again.</summary>
    private protected Task LetInAsync(bool yes) => servers.LetInAsync(Get<DatabaseSettings>(), yes);

    private protected async Task<TenantId> TenantAsync(AgentGroupName? group = null)
    {
        var id = TenantId.New();
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                db.Tenants.Add(new() { Id = id, Name = id.ToString(), Slug = id.Value.ToString("N"), GroupName = group ?? AgentGroupName.Default, CreatedAt = DateTimeOffset.UtcNow });
                return await db.SaveChangesAsync(ct);
            },
            Ct);
        return id;
    }

    private protected async Task<AgentGroupName> GroupAsync(string name)
    {
        var group = AgentGroupName.Parse(name);
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                db.AgentGroups.Add(new() { Name = group, CreatedAt = DateTimeOffset.UtcNow });
                return await db.SaveChangesAsync(ct);
            },
            Ct);
        return group;
    }

    private protected async Task<SigningAgent> AgentAsync(AgentGroupName? group = null)
    {
        var agent = new SigningAgent();
        await Database.InPlatformAsync(
            async (db, ct) =>
            {
                db.Agents.Add(agent.Row(group ?? AgentGroupName.Default));
                return await db.SaveChangesAsync(ct);
            },
            Ct);
        return agent;
    }

    private protected Task<List<Guid>> StoredAsync() =>
        Database.InIngestAsync((db, ct) => db.UsageRecords.Select(r => r.Id).ToListAsync(ct), Ct).ContinueWith(t => t.Result.ConvertAll(i => i.Value), Ct, TaskContinuationOptions.None, TaskScheduler.Default);

    private protected Task<List<UsageQuarantineRow>> QuarantineAsync() =>
        Database.InIngestAsync((db, ct) => db.UsageQuarantine.AsNoTracking().ToListAsync(ct), Ct);

    private protected Task<JournalWatermarkRow> WatermarkAsync(SigningAgent agent) =>
        Database.InIngestAsync((db, ct) => db.JournalWatermarks.AsNoTracking().SingleAsync(w => w.AgentId == agent.Id && w.BootId == agent.Boot, ct), Ct);

    private protected async Task TotalsEqualRecordsAsync()
    {
        var (records, hours, days) = await Database.InIngestAsync(
            async (db, ct) => (
                await db.UsageRecords.AsNoTracking().ToListAsync(ct),
                await db.UsageHours.AsNoTracking().ToListAsync(ct),
                await db.UsageDays.AsNoTracking().ToListAsync(ct)),
            Ct);
        var expected = Sum(records.Select(r => (1L, r.Status >= 400 ? 1L : 0, r.InputTokens, r.CachedInputTokens, r.OutputTokens, r.ReasoningTokens)));
        Sum(hours.Select(t => (t.Requests, t.Errors, t.InputTokens, t.CachedInputTokens, t.OutputTokens, t.ReasoningTokens))).ShouldBe(expected);
        Sum(days.Select(t => (t.Requests, t.Errors, t.InputTokens, t.CachedInputTokens, t.OutputTokens, t.ReasoningTokens))).ShouldBe(expected);
    }

    private static (long, long, long, long, long, long) Sum(IEnumerable<(long A, long B, long C, long D, long E, long F)> rows) =>
        rows.Aggregate((0L, 0L, 0L, 0L, 0L, 0L), (s, r) => (s.Item1 + r.A, s.Item2 + r.B, s.Item3 + r.C, s.Item4 + r.D, s.Item5 + r.E, s.Item6 + r.F));
}

/// <summary>An enrolled agent as the test plays it: it signs what it publishes.</summary>
internal sealed class SigningAgent
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public AgentId Id { get; } = AgentId.New();

    public BootId Boot { get; } = BootId.New();

    public AgentRow Row(AgentGroupName group) => new()
    {
        Id = Id,
        GroupName = group,
        Name = "agent",
        SigningKey = _key.ExportSubjectPublicKeyInfo(),
        EncryptionKey = [],
        EnrolledAt = DateTimeOffset.UtcNow,
    };

    public UsageRecord Record(TenantId tenant, long sequence, DateTimeOffset? at = null) => Records.Some(Id, Boot, sequence, tenant, at);

    public AgentMessage Batch(params IReadOnlyList<UsageRecord> records) =>
        Message(BusTopology.UsageBatchType, JsonSerializer.SerializeToUtf8Bytes(new UsageBatch(Id, records), WireJson.Default.UsageBatch));

    public AgentMessage Message(string type, byte[] body) => new(type, Id, MessageSignature.Sign(_key, type, body), body);
}
