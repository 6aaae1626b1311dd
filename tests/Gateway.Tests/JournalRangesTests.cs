using Microsoft.Data.Sqlite;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Metering;

namespace Platform.Gateway.Tests;

/// <summary>What of the journal is confirmed, against a list that says it of each record by itself.</summary>
public sealed class JournalRangesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _path = World.GatewayHost.NewDirectory();
    private readonly DataDirectory _directory;

    public JournalRangesTests() => _directory = new(new() { DataDirectory = _path });

    public void Dispose()
    {
        _directory.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Any_order_of_steps_leaves_what_one_expects(int seed)
    {
        var random = new Random(seed);
        var model = new Model();
        var now = Start;
        var database = new JournalDatabase(_directory, JournalDurability.Process);
        try
        {
            for (var step = 0; step < 400; step++)
            {
                now += TimeSpan.FromSeconds(random.Next(40));
                switch (random.Next(10))
                {
                    case < 4:
                        InTransaction(database, random, () => model.Append(database, random.Next(1, 12)), model);
                        break;
                    case < 7:
                        InTransaction(database, random, () => model.Confirm(database, random.Next(1, 15), random.Next(2) == 0, now), model);
                        break;
                    case 7:
                        InTransaction(database, random, () => model.Replay(database, random), model);
                        break;
                    case 8:
                        model.Trim(database, now - TimeSpan.FromSeconds(random.Next(2000)), random.Next(1, 30));
                        break;
                    default:
                        database.Dispose();
                        database = new(_directory, JournalDurability.Process);
                        model.NewBoot();
                        break;
                }
                model.Check(database);
            }
        }
        finally
        {
            database.Dispose();
        }
    }

    [Fact]
    public void What_a_journal_of_two_tables_holds_is_sent_and_kept()
    {
        var (before, boot) = (BootId.New(), BootId.New());
        using (var file = new SqliteConnection($"Data Source={Path.Combine(_path, "journal.db")};Pooling=False"))
        {
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE pending (position INTEGER PRIMARY KEY, boot TEXT NOT NULL, sequence INTEGER NOT NULL, json BLOB NOT NULL);
                CREATE TABLE kept (position INTEGER PRIMARY KEY, boot TEXT NOT NULL, sequence INTEGER NOT NULL, confirmed_at INTEGER NOT NULL,
                    json BLOB NOT NULL, UNIQUE (boot, sequence));
                INSERT INTO kept VALUES (3, $before, 3, 100, x'0303'), (4, $before, 4, 100, x'0404'), (6, $boot, 2, 100, x'0606');
                INSERT INTO pending VALUES (5, $boot, 1, x'0505'), (7, $boot, 3, x'0707');
                """;
            command.Parameters.AddWithValue("$before", before.ToString());
            command.Parameters.AddWithValue("$boot", boot.ToString());
            command.ExecuteNonQuery();
        }

        using var database = new JournalDatabase(_directory, JournalDurability.Process);

        database.ReadUnconfirmed(10, 1000).Select(r => r.Json[0]).ShouldBe([(byte)5, (byte)7]);
        database.ReadHeads().ShouldBe([new(before, 4), new(boot, 3)], ignoreOrder: true);
        database.ReadSizes().ShouldBe((4, 6));
        database.Replay(before, 4, 9).ShouldBe(2);
        database.ReadUnconfirmed(10, 1000).Select(r => r.Json[0]).ShouldBe([(byte)4, (byte)5, (byte)7]);
    }

    /// <summary>One time in eight it does not happen.</summary>
    private static void InTransaction(JournalDatabase database, Random random, Action step, Model model)
    {
        var before = model.Copy();
        database.Begin();
        step();
        if (random.Next(8) > 0)
        {
            database.Commit();
            return;
        }
        database.Rollback();
        model.Restore(before);
    }

    private sealed class Entry(BootId boot, long sequence, int bytes)
    {
        public BootId Boot => boot;

        public long Sequence => sequence;

        public int Bytes => bytes;

        public DateTimeOffset? ConfirmedAt { get; set; }
    }

    private sealed class Model
    {
        private List<Entry> _entries = [];
        private BootId _boot = BootId.New();
        private long _sequence;
        private long _trimmed;

        public List<Entry> Copy() => [.. _entries.Select(e => new Entry(e.Boot, e.Sequence, e.Bytes) { ConfirmedAt = e.ConfirmedAt })];

        public void Restore(List<Entry> entries)
        {
            _entries = entries;
            _sequence = Math.Max(_trimmed, entries.Where(e => e.Boot == _boot).Select(e => e.Sequence).DefaultIfEmpty(0).Max());
        }

        public void NewBoot() => (_boot, _sequence, _trimmed) = (BootId.New(), 0, 0);

        public void Append(JournalDatabase database, int count)
        {
            for (var i = 0; i < count; i++)
                _entries.Add(new(_boot, ++_sequence, database.Insert(Record(_boot, _sequence))));
        }

        public void Confirm(JournalDatabase database, int count, bool gaps, DateTimeOffset now)
        {
            var rows = database.ReadUnconfirmed(count, int.MaxValue);
            var open = _entries.Where(e => e.ConfirmedAt is null).Take(count).ToList();
            rows.Count.ShouldBe(open.Count);
            var chosen = Enumerable.Range(0, rows.Count).Where(i => !gaps || i % 3 != 1).ToList();
            database.Confirm([.. chosen.Select(i => rows[i])], now).ShouldBe(chosen.Sum(i => open[i].Bytes));
            database.Confirm([.. chosen.Select(i => rows[i])], now).ShouldBe(0);
            chosen.ForEach(i => open[i].ConfirmedAt = now);
        }

        public void Replay(JournalDatabase database, Random random)
        {
            if (_entries.Count == 0)
                return;
            var boot = _entries[random.Next(_entries.Count)].Boot;
            var from = random.Next(60);
            var to = random.Next(3) == 0 ? long.MaxValue : from + random.Next(40);
            var again = _entries.Where(e => e.Boot == boot && e.Sequence >= from && e.Sequence <= to && e.ConfirmedAt is not null).ToList();
            database.Replay(boot, from, to).ShouldBe(again.Sum(e => e.Bytes));
            again.ForEach(e => e.ConfirmedAt = null);
        }

        /// <summary>Which go is told by what can still be replayed; that only old ones go, and as many as may, is checked.</summary>
        public void Trim(JournalDatabase database, DateTimeOffset before, int limit)
        {
            var kept = _entries.Where(e => e.ConfirmedAt is not null).ToList();
            database.Begin();
            var bytes = database.Trim(before, limit);
            database.Commit();
            database.Begin();
            var gone = kept.Where(e => database.Replay(e.Boot, e.Sequence, e.Sequence) == 0).ToList();
            database.Rollback();
            gone.ShouldAllBe(e => e.ConfirmedAt < before);
            gone.Sum(e => (long)e.Bytes).ShouldBe(bytes);
            gone.Count.ShouldBeLessThanOrEqualTo(limit);
            if (gone.Count < limit)
                kept.Except(gone).ShouldAllBe(e => e.ConfirmedAt >= before - TimeSpan.FromSeconds(121));
            _entries.RemoveAll(gone.Contains);
            _trimmed = _sequence;
        }

        public void Check(JournalDatabase database)
        {
            database.ReadUnconfirmed(100_000, int.MaxValue).Count.ShouldBe(_entries.Count(e => e.ConfirmedAt is null));
            database.ReadSizes().ShouldBe((Sum(e => e.ConfirmedAt is null), Sum(e => e.ConfirmedAt is not null)));
            database.ReadHeads().OrderBy(h => h.BootId.ToString()).ShouldBe(
                _entries.GroupBy(e => e.Boot).Select(g => new JournalHead(g.Key, g.Max(e => e.Sequence))).OrderBy(h => h.BootId.ToString()));
        }

        private long Sum(Func<Entry, bool> which) => _entries.Where(which).Sum(e => (long)e.Bytes);
    }

    private static UsageRecord Record(BootId boot, long sequence) => new()
    {
        Id = RequestId.New(),
        AgentId = AgentId.New(),
        BootId = boot,
        Sequence = sequence,
        StartedAt = Start,
        TenantId = TenantId.New(),
        ProjectId = ProjectId.New(),
        ModelAsked = new string('m', (int)(sequence % 7) + 1),
        ModelServed = "m",
        PoolId = PoolId.New(),
        EndpointId = EndpointId.New(),
        Operation = Operations.Chat,
        UsageSource = UsageSources.Provider,
        Status = 200,
    };
}
