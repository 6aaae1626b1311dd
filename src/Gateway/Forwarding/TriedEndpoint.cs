using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Forwarding;

/// <summary>One try, as it is told afterwards.</summary>
/// <param name="ErrorCode">Null where the endpoint answered.</param>
/// <param name="Milliseconds">From its dispatch to its end.</param>
/// <param name="Counted">What a try that broke had counted.</param>
internal sealed record TriedEndpoint(PoolId PoolId, EndpointId EndpointId, string? ErrorCode, double Milliseconds, UsageCount Counted = default)
{
    /// <summary>All of them, or of too many the last ones; null where there is nothing to tell, since the first one answered.</summary>
    public static IReadOnlyList<UsageAttempt>? ToRecord(IReadOnlyList<TriedEndpoint> tries)
    {
        if (tries is [] or [{ ErrorCode: null }])
            return null;
        var first = Math.Max(0, tries.Count - UsageRecord.MaxAttempts);
        var told = new UsageAttempt[tries.Count - first];
        for (var i = 0; i < told.Length; i++)
        {
            var tried = tries[first + i];
            told[i] = new(tried.PoolId, tried.EndpointId, tried.ErrorCode, tried.Milliseconds, tried.Counted.Input, tried.Counted.Output);
        }
        return told;
    }
}
