using System.Text;
using System.Text.Json;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Usage;
using Platform.Control.Agents;

namespace Platform.Control.Usage;

/// <summary>A signed batch, sorted by <see cref="RecordRules"/>.</summary>
/// <param name="Good">May be stored, if the sender's group serves their tenants.</param>
/// <param name="Bad">Can never be stored.</param>
internal sealed record CheckedBatch(KnownAgent Agent, IReadOnlyList<UsageRecord> Good, IReadOnlyList<RefusedRecord> Bad, DateTimeOffset ReceivedAt)
{
    /// <summary>The places in their journals of all that arrived, stored or not: a replay would bring the same again.</summary>
    public IEnumerable<(BootId Boot, long Sequence)> Places =>
        Good.Select(r => (r.BootId, r.Sequence)).Concat(
            Bad.Where(r => r is { BootId: not null, Sequence: > 0 and <= RecordRules.MaxSequence }).Select(r => (r.BootId!.Value, r.Sequence!.Value)));

    /// <summary>The same with the records that <paramref name="reason"/> names moved to the bad ones.</summary>
    public CheckedBatch Refuse(Func<UsageRecord, string?> reason)
    {
        var faults = Good.Select(r => (Record: r, Fault: reason(r))).ToList();
        return this with
        {
            Good = [.. faults.Where(f => f.Fault is null).Select(f => f.Record)],
            Bad = [.. Bad, .. faults.Where(f => f.Fault is not null).Select(f => RefusedRecord.Of(f.Record, f.Fault!))],
        };
    }
}

/// <param name="Body">The record's JSON.</param>
internal sealed record RefusedRecord(string Reason, byte[] Body, BootId? BootId, long? Sequence)
{
    public static RefusedRecord Of(UnreadableRecord record) =>
        new(QuarantineReasons.Unreadable, Encoding.UTF8.GetBytes(record.Json), record.BootId, record.Sequence);

    public static RefusedRecord Of(UsageRecord record, string reason) =>
        new(reason, Serialize(record), record.BootId, record.Sequence);

    /// <summary>A number that JSON cannot hold is one of the reasons to refuse a record.</summary>
    private static byte[] Serialize(UsageRecord record)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(record, WireJson.Default.UsageRecord);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetBytes(record.Id.ToString());
        }
    }
}
