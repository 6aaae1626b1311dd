using Platform.Contracts.Messages;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Delivery;

internal enum Verdict
{
    Ignore,
    Apply,
    Pull,
}

/// <summary>What to do about a word from Control (design, section 5).</summary>
internal static class DeliveryRules
{
    /// <summary>At or below mine: ignore. Continuing mine: apply. Everything else: fetch.</summary>
    public static Verdict Judge(Snapshot mine, ConfigChanged message) =>
        message.Epoch != mine.Epoch ? Verdict.Pull
        : message.To <= mine.Revision ? Verdict.Ignore
        : message.From <= mine.Revision && message.Resources is { Count: > 0 } ? Verdict.Apply
        : Verdict.Pull;

    /// <summary>Behind it, or of another epoch: fetch.</summary>
    public static Verdict Judge(Snapshot mine, ConfigHead message) =>
        message.Epoch == mine.Epoch && message.Revision <= mine.Revision ? Verdict.Ignore : Verdict.Pull;
}
