using Platform.Contracts.Configuration;

namespace Platform.Gateway.Limits;

/// <summary>Says how much of a quota's windows this agent may give out by itself, since other agents give out of the same ones.</summary>
internal interface IQuotaWindows
{
    /// <summary>
    /// What this agent may let through of each kind in the windows that run, all in all; at most the quota's limits, null
    /// where these have none. Complete at once where it is known; where it has to be asked for, within a deadline of its own.
    /// </summary>
    /// <param name="tokens">What the request would like to have.</param>
    ValueTask<QuotaSpec> ShareAsync(QuotaEntry quota, long tokens, DateTimeOffset now);
}

/// <summary>Every agent gives out the whole limit, as if there were no others.</summary>
internal sealed class LocalWindows : IQuotaWindows
{
    public ValueTask<QuotaSpec> ShareAsync(QuotaEntry quota, long tokens, DateTimeOffset now) => new(quota.Limits);
}
