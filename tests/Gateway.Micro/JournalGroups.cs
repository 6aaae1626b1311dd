using BenchmarkDotNet.Attributes;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Metering;

namespace Platform.Gateway.Micro;

/// <summary>A group of usage records into the journal's file, one commit; figures are for each record.</summary>
public class JournalGroups
{
    private const int Large = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-micro-").FullName;
    private readonly BootId _boot = BootId.New();
    private DataDirectory? _directory;
    private JournalDatabase? _database;
    private long _sequence;

    [GlobalSetup]
    public void SetUp()
    {
        _directory = new(new AgentSettings { DataDirectory = _folder });
        _database = new(_directory, JournalDurability.Process);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _database?.Dispose();
        _directory?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public void GroupOfOne() => Commit(1);

    [Benchmark(OperationsPerInvoke = Large)]
    public void GroupOfSixteen() => Commit(Large);

    private void Commit(int records)
    {
        _database!.Begin();
        for (var i = 0; i < records; i++)
            _database.Insert(Record());
        _database.Commit();
    }

    private UsageRecord Record() => new()
    {
        Id = RequestId.New(),
        AgentId = AgentId.New(),
        BootId = _boot,
        Sequence = ++_sequence,
        StartedAt = DateTimeOffset.UnixEpoch,
        TenantId = TenantId.New(),
        ProjectId = ProjectId.New(),
        ApiKeyId = ApiKeyId.New(),
        ModelAsked = Samples.Model,
        ModelServed = "upstream-model",
        PoolId = PoolId.New(),
        EndpointId = EndpointId.New(),
        Operation = Operations.Chat,
        InputTokens = 120,
        OutputTokens = 100,
        UsageSource = UsageSources.Provider,
        Status = 200,
        FinishReason = "stop",
        Tries = 1,
    };
}
