using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Control.Usage;

/// <summary>
/// What of each boot's journal has arrived, as PostgreSQL's <c>int8multirange</c>: a union knows no order and no
/// repeats, and the row's lock serialises two batches of one boot. It is written in the transaction that stores the
/// records, so it never claims what is not there.
/// <para>
/// A row stays small: of more than <see cref="MaxRanges"/> pieces the highest are forgotten, which costs a replay of what
/// is stored already, and loses nothing.
/// </para>
/// </summary>
internal static class Watermarks
{
    public const int MaxRanges = 1000;

    private const string Unite =
        """
        INSERT INTO journal_watermarks AS w (agent_id, boot_id, received, contiguous, highest, head, stalled_since, updated_at)
        SELECT $1, boot, range_agg(int8range(sequence, sequence, '[]')), 0, 0, 0, $2, $2
        FROM unnest($3, $4) AS t (boot, sequence) GROUP BY boot ORDER BY boot
        ON CONFLICT (agent_id, boot_id) DO UPDATE SET received = w.received + excluded.received
        """;

    /// <summary>
    /// The first missing sequence is the lower end of what is left of [1, ∞). The stall clock runs while something is
    /// missing and the contiguous part does not grow.
    /// </summary>
    private const string Derive =
        """
        UPDATE journal_watermarks AS w SET
            contiguous = lower('{[1,)}'::int8multirange - w.received) - 1,
            highest = greatest(w.highest, upper(w.received) - 1),
            stalled_since = CASE
                WHEN w.contiguous >= greatest(w.head, w.highest) OR lower('{[1,)}'::int8multirange - w.received) - 1 > w.contiguous THEN $2
                ELSE w.stalled_since END,
            updated_at = $2,
            received = CASE
                WHEN (SELECT count(*) FROM unnest(w.received)) <= $4 THEN w.received
                ELSE (SELECT range_agg(r) FROM (SELECT r FROM unnest(w.received) AS r ORDER BY r LIMIT $4) AS kept) END
        WHERE w.agent_id = $1 AND w.boot_id = ANY ($3)
        """;

    private const string Heads =
        """
        INSERT INTO journal_watermarks AS w (agent_id, boot_id, received, contiguous, highest, head, stalled_since, updated_at)
        SELECT $1, boot, '{}', 0, 0, max(head), $2, $2 FROM unnest($3, $4) AS t (boot, head) GROUP BY boot ORDER BY boot
        ON CONFLICT (agent_id, boot_id) DO UPDATE SET
            stalled_since = CASE WHEN w.contiguous >= greatest(w.head, w.highest) THEN $2 ELSE w.stalled_since END,
            head = greatest(w.head, excluded.head),
            updated_at = $2
        """;

    /// <summary>Counts all that arrived in a batch.</summary>
    public static async Task AdvanceAsync(NpgsqlConnection connection, CheckedBatch batch, CancellationToken ct)
    {
        var places = batch.Places.ToList();
        if (places.Count == 0)
            return;
        await using (var unite = Command(connection, Unite, batch.Agent.Id, batch.ReceivedAt))
        {
            unite.Parameters.Add(new() { Value = places.Select(p => p.Boot.Value).ToArray() });
            unite.Parameters.Add(new() { Value = places.Select(p => p.Sequence).ToArray() });
            await unite.ExecuteNonQueryAsync(ct);
        }
        await using var derive = Command(connection, Derive, batch.Agent.Id, batch.ReceivedAt);
        derive.Parameters.Add(new() { Value = places.Select(p => p.Boot.Value).Distinct().ToArray() });
        derive.Parameters.Add(new() { Value = (long)MaxRanges, NpgsqlDbType = NpgsqlDbType.Bigint });
        await derive.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes how far the agent says its journals go.</summary>
    public static async Task NoteHeadsAsync(NpgsqlConnection connection, AgentId agent, IReadOnlyList<JournalHead> heads, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = Command(connection, Heads, agent, now);
        command.Parameters.Add(new() { Value = heads.Select(h => h.BootId.Value).ToArray() });
        command.Parameters.Add(new() { Value = heads.Select(h => h.LastSequence).ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, AgentId agent, DateTimeOffset now)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = agent.Value });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        return command;
    }
}
