using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Metering;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Tests;

public sealed class JournalTests : IDisposable
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly string _path = World.GatewayHost.NewDirectory();
    private readonly string _left = World.GatewayHost.NewDirectory();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly JournalSettings _settings = new() { MinFreeMegabytes = 0 };
    private DataDirectory _directory;

    public JournalTests() => _directory = new(new() { DataDirectory = _path });

    public void Dispose()
    {
        _directory.Dispose();
        _services.Dispose();
        Directory.Delete(_path, recursive: true);
        Directory.Delete(_left, recursive: true);
    }

    [Theory]
    [InlineData("Process")]
    [InlineData("Power")]
    public async Task Concurrent_records_get_sequences_without_gaps(string durability)
    {
        _settings.Durability = Enum.Parse<JournalDurability>(durability);
        var opened = await OpenAsync();

        await Parallel.ForAsync(0, 1000, Token, async (_, _) => await opened.Journal.AppendAsync(NewRecord()));

        (await ReadAsync(opened)).Select(r => r.Sequence).ShouldBe(Enumerable.Range(1, 1000).Select(i => (long)i));
        opened.Journal.Heads().ShouldBe([new(opened.Agent.Boot, 1000)]);
        await opened.Journal.StopAsync(Token);
    }

    [Fact]
    public async Task What_was_committed_is_there_after_the_process_died()
    {
        var first = await OpenAsync();
        var record = NewRecord();
        await first.Journal.AppendAsync(record);
        // What a process that dies leaves: the files as they are.
        foreach (var file in Directory.EnumerateFiles(_path, "journal.db*"))
            File.Copy(file, Path.Combine(_left, Path.GetFileName(file)));
        await first.Journal.StopAsync(Token);
        _directory.Dispose();
        _directory = new(new() { DataDirectory = _left });

        var second = await OpenAsync();
        await second.Journal.AppendAsync(NewRecord());

        (await ReadAsync(second)).Select(r => r.Sequence).ShouldBe([1, 1]);
        (await ReadAsync(second))[0].Id.ShouldBe(record.Id);
        second.Journal.Heads().ShouldBe([new(first.Agent.Boot, 1), new(second.Agent.Boot, 1)], ignoreOrder: true);
        await second.Journal.StopAsync(Token);
    }

    [Fact]
    public async Task What_a_journal_of_one_table_holds_is_sent_and_kept()
    {
        var (boot, sent, unsent) = (BootId.New(), NewRecord(), NewRecord());
        await MakeOldAsync(boot, sent, unsent);

        var opened = await OpenAsync();
        await opened.Journal.AppendAsync(NewRecord());

        opened.Journal.Heads().ShouldBe([new(boot, 2), new(opened.Agent.Boot, 1)], ignoreOrder: true);
        (await ReadAsync(opened)).Select(r => r.Id).First().ShouldBe(unsent.Id);
        await opened.Journal.ReplayAsync(boot, 1, 1);
        (await ReadAsync(opened)).Select(r => r.Id).First().ShouldBe(sent.Id);
        await opened.Journal.StopAsync(Token);
    }

    [Fact]
    public async Task An_older_agent_in_between_takes_nothing_away_and_stops_nothing()
    {
        var first = await OpenAsync();
        await first.Journal.AppendAsync(NewRecord());
        await first.Journal.AppendAsync(NewRecord());
        await first.Journal.ConfirmAsync(await first.Journal.ReadAsync(1, int.MaxValue));
        await first.Journal.StopAsync(Token);
        first.Journal.Dispose();
        await MakeOldAsync(BootId.New(), NewRecord(), NewRecord());

        var second = await OpenAsync();
        await second.Journal.AppendAsync(NewRecord());

        (await ReadAsync(second)).Count.ShouldBe(3);
        await second.Journal.StopAsync(Token);
    }

    [Fact]
    public async Task Confirmed_records_are_not_sent_again_until_they_are_asked_for()
    {
        var opened = await OpenAsync();
        for (var i = 0; i < 10; i++)
            await opened.Journal.AppendAsync(NewRecord());
        var rows = await opened.Journal.ReadAsync(4, int.MaxValue);

        await opened.Journal.ConfirmAsync(rows);
        await opened.Journal.ConfirmAsync(rows);
        (await ReadAsync(opened)).Select(r => r.Sequence).ShouldBe([5, 6, 7, 8, 9, 10]);

        await opened.Journal.ReplayAsync(opened.Agent.Boot, 2, 3);
        await opened.Journal.ReplayAsync(BootId.New(), 1, 100);
        (await ReadAsync(opened)).Select(r => r.Sequence).ShouldBe([2, 3, 5, 6, 7, 8, 9, 10]);
        await opened.Journal.StopAsync(Token);
        opened.Space.UnconfirmedBytes.ShouldBe(Sizes(opened).Unconfirmed);
    }

    [Fact]
    public async Task At_the_bound_it_is_full_and_confirmed_records_make_room()
    {
        _settings.MaxMegabytes = 1;
        var opened = await OpenAsync();
        var appended = 0;
        while (!opened.Space.IsFull)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => opened.Journal.AppendAsync(NewRecord()).AsTask()));
            appended += 100;
        }
        appended.ShouldBeInRange(500, 5000);

        while (await opened.Journal.ReadAsync(500, int.MaxValue) is { Count: > 0 } rows)
            await opened.Journal.ConfirmAsync(rows);

        opened.Space.IsFull.ShouldBeFalse();
        opened.Space.UnconfirmedBytes.ShouldBe(0);
        opened.Journal.Heads().ShouldBe([new(opened.Agent.Boot, appended)]);
        await opened.Journal.StopAsync(Token);
        Sizes(opened).Confirmed.ShouldBeInRange(1, 512 * 1024 + 1000);
    }

    [Fact]
    public async Task A_disk_that_runs_short_is_a_full_journal()
    {
        _settings.MinFreeMegabytes = 1024 * 1024;

        var opened = await OpenAsync();

        opened.Space.IsFull.ShouldBeTrue();
        await opened.Journal.StopAsync(Token);
    }

    [Fact]
    public async Task A_failed_commit_fails_its_records_and_skips_no_sequence()
    {
        var opened = await OpenAsync();
        await opened.Journal.AppendAsync(NewRecord());
        var invalid = NewRecord() with { QueueMs = double.NaN };

        await Should.ThrowAsync<Exception>(() => opened.Journal.AppendAsync(invalid).AsTask());
        opened.Space.IsFull.ShouldBeTrue();
        await opened.Journal.AppendAsync(NewRecord());

        opened.Space.IsFull.ShouldBeFalse();
        (await ReadAsync(opened)).Select(r => r.Sequence).ShouldBe([1, 2]);
        await opened.Journal.StopAsync(Token);
    }

    [Fact]
    public async Task A_batch_is_bounded_in_bytes_and_reads_as_the_contract()
    {
        var opened = await OpenAsync();
        for (var i = 0; i < 20; i++)
            await opened.Journal.AppendAsync(NewRecord());
        var one = (await opened.Journal.ReadAsync(1, 1)).ShouldHaveSingleItem().Json.Length;
        var agent = AgentId.New();

        var rows = await opened.Journal.ReadAsync(500, (one * 5) + 100);
        var batch = JsonSerializer.Deserialize(UsageBatchBody.Compose(agent, rows).Span, WireJson.Default.UsageBatch)!;

        batch.AgentId.ShouldBe(agent);
        batch.Records.Select(r => r.Sequence).ShouldBe([1, 2, 3, 4, 5]);
        Encoding.UTF8.GetString(rows[0].Json).ShouldContain("\"sequence\":1");
        await opened.Journal.StopAsync(Token);
    }

    [Fact]
    public void A_data_directory_is_one_processes_own() =>
        Should.Throw<IOException>(() => new DataDirectory(new() { DataDirectory = _path }));

    private async Task<Opened> OpenAsync()
    {
        var agent = new Agent();
        var space = new JournalSpace(_settings, _directory);
        var file = new JournalFile(_directory, _settings);
        var journal = new Journal(
            file, space, agent, TimeProvider.System, new GatewayMetrics(_services.GetRequiredService<IMeterFactory>(), new(new())), NullLogger<Journal>.Instance);
        await journal.StartAsync(Token);
        return new(journal, space, agent, file);
    }

    /// <summary>What an agent leaves whose journal had one table.</summary>
    private async Task MakeOldAsync(BootId boot, UsageRecord sent, UsageRecord unsent)
    {
        await using (var file = new SqliteConnection($"Data Source={Path.Combine(_path, "journal.db")};Pooling=False"))
        {
            await file.OpenAsync(Token);
            await using var command = file.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE records (position INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL, sequence INTEGER NOT NULL,
                    json BLOB NOT NULL, confirmed_at INTEGER NULL, UNIQUE (boot, sequence));
                INSERT INTO records (boot, sequence, json, confirmed_at) VALUES ($boot, 1, $sent, $now), ($boot, 2, $unsent, NULL);
                """;
            command.Parameters.AddWithValue("$boot", boot.ToString());
            command.Parameters.AddWithValue("$sent", JsonSerializer.SerializeToUtf8Bytes(sent, WireJson.Default.UsageRecord));
            command.Parameters.AddWithValue("$unsent", JsonSerializer.SerializeToUtf8Bytes(unsent, WireJson.Default.UsageRecord));
            command.Parameters.AddWithValue("$now", DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    /// <summary>Of a journal that was stopped.</summary>
    private static (long Unconfirmed, long Confirmed) Sizes(Opened opened)
    {
        opened.Journal.Dispose();
        using var database = opened.File.Open();
        return database.ReadSizes();
    }

    private static async Task<List<UsageRecord>> ReadAsync(Opened opened) =>
        [.. (await opened.Journal.ReadAsync(100_000, int.MaxValue)).Select(r => JsonSerializer.Deserialize(r.Json, WireJson.Default.UsageRecord)!)];

    private static UsageRecord NewRecord() => new()
    {
        Id = RequestId.New(),
        AgentId = AgentId.New(),
        BootId = BootId.New(),
        StartedAt = DateTimeOffset.UtcNow,
        TenantId = TenantId.New(),
        ProjectId = ProjectId.New(),
        ModelAsked = "m",
        ModelServed = "m",
        PoolId = PoolId.New(),
        EndpointId = EndpointId.New(),
        Operation = Operations.Chat,
        UsageSource = UsageSources.Provider,
        Status = 200,
    };

    private sealed record Opened(Journal Journal, JournalSpace Space, Agent Agent, JournalFile File);
}
