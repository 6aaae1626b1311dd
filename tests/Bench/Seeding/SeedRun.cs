using System.Diagnostics;
using Npgsql;
using Platform.Bench.Figures;
using Platform.Local;
using Platform.Local.Stack;

namespace Platform.Bench.Seeding;

/// <summary>Loads a plan's rows as the database's owner, then has Control compile the documents.</summary>
internal sealed class SeedRun(MeasuredPlatform stack, BenchOptions options)
{
    public SeedPlan Plan { get; } = new(options.Tenants, options.Keys, options.RandomSeed);

    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        await LoadAsync();
        var loaded = clock.Elapsed;
        Console.WriteLine($"Loaded {Plan.Tenants.Count} tenants and {options.Keys} keys in {loaded.TotalSeconds:0.0} s. Compiling their documents ...");
        var rebuilt = await stack.RebuildAsync();
        var caughtUp = await stack.CatchUpAsync();
        Console.WriteLine($"Control rebuild took {rebuilt.TotalSeconds:0.0} s, both agents held the result {caughtUp.TotalSeconds:0.0} s later.");
        return
        [
            Figure.Plain("seed.tenants", Plan.Tenants.Count, "tenants"),
            Figure.Plain("seed.keys", options.Keys, "keys"),
            Figure.Plain("seed.load", loaded.TotalSeconds, "s"),
            Figure.Below(180, "rebuild", rebuilt.TotalSeconds, "s"),
            Figure.Plain("rebuild.caught-up", caughtUp.TotalSeconds, "s"),
        ];
    }

    private async Task LoadAsync()
    {
        var pool = await stack.SharedPoolAsync();
        await using var connection = await stack.OpenAsOwnerAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var rows = new SeedRows(Plan, BenchPlatform.Automation(stack.Platform.State).ClientId, await PepperAsync(connection), pool.Value);
        foreach (var (table, values) in rows.All())
            await table.LoadAsync(connection, values);
        await transaction.CommitAsync();
        // Autovacuum would do it within a minute.
        await TableLoad.ExecuteAsync(connection, "ANALYZE");
    }

    private static async Task<string> PepperAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT id FROM peppers ORDER BY created_at DESC, id DESC LIMIT 1", connection);
        return await command.ExecuteScalarAsync() as string ?? throw new LocalException("The platform has no pepper yet.");
    }
}
