using System.Text.Json;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>
/// A <see cref="UsageBatch"/> read record by record, so that one unreadable record does not take the batch with it.
/// </summary>
internal sealed record ReadBatch(AgentId AgentId, IReadOnlyList<UsageRecord> Records, IReadOnlyList<UnreadableRecord> Unreadable)
{
    /// <summary>Many times what a full batch takes.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Null when the body is not a batch at all.</summary>
    public static ReadBatch? TryRead(ReadOnlyMemory<byte> body)
    {
        if (body.Length > MaxBytes)
            return null;
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("agentId", out var agentText) || !TryGuid(agentText, out var agent)
                || !root.TryGetProperty("records", out var elements) || elements.ValueKind != JsonValueKind.Array
                || elements.GetArrayLength() > UsageBatch.MaxRecords)
                return null;
            return ReadRecords(AgentId.From(agent), elements);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadBatch ReadRecords(AgentId agent, JsonElement elements)
    {
        var records = new List<UsageRecord>(elements.GetArrayLength());
        var unreadable = new List<UnreadableRecord>();
        foreach (var element in elements.EnumerateArray())
        {
            if (TryRecord(element) is { } record)
                records.Add(record);
            else
                unreadable.Add(UnreadableRecord.From(element));
        }
        return new(agent, records, unreadable);
    }

    private static UsageRecord? TryRecord(JsonElement element)
    {
        try
        {
            return element.Deserialize(WireJson.Default.UsageRecord);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    internal static bool TryGuid(JsonElement element, out Guid value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.String && element.TryGetGuid(out value);
    }
}

/// <summary>A record without its form. Where its place in the journal can be read, it counts as arrived: a replay would bring the same.</summary>
internal sealed record UnreadableRecord(string Json, BootId? BootId, long? Sequence)
{
    public static UnreadableRecord From(JsonElement element)
    {
        BootId? boot = null;
        long? sequence = null;
        if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("bootId", out var b) && ReadBatch.TryGuid(b, out var id))
                boot = new(id);
            if (element.TryGetProperty("sequence", out var s) && s.ValueKind == JsonValueKind.Number && s.TryGetInt64(out var number))
                sequence = number;
        }
        return new(element.GetRawText(), boot, sequence);
    }
}
