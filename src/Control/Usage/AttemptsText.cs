using System.Text.Json;
using Platform.Contracts.Json;
using Platform.Contracts.Usage;

namespace Platform.Control.Usage;

/// <summary>A record's tries as JSON, as the ledger and exports have them.</summary>
internal static class AttemptsText
{
    /// <summary>Null where the first try answered.</summary>
    public static string? Of(UsageRecord record) =>
        record.Attempts is { Count: > 0 } attempts ? JsonSerializer.Serialize(attempts, WireJson.Default.IReadOnlyListUsageAttempt) : null;

    public static IReadOnlyList<UsageAttempt>? Read(string json) => JsonSerializer.Deserialize(json, WireJson.Default.IReadOnlyListUsageAttempt);
}
