using Platform.Contracts.Configuration;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Configuration;

/// <summary>Faults of a tenant's isolation, and of lists of networks.</summary>
internal static class IsolationChecks
{
    public static void Check(IsolationSpec? isolation, List<string> faults)
    {
        if (isolation is null)
            return;
        if (isolation.IpRanges is { } ranges)
            CheckNetworks(ranges, "IP range", faults);
        CertificateAuthorities.Read(isolation.ClientAuthorities, "client authority", faults);
        if (isolation.MaxSecondsWithoutControl < 1)
            faults.Add("The longest time without Control is below a second.");
        if (isolation.RetentionDays < 0)
            faults.Add("The retention is negative.");
        if (isolation.FairnessWeight is { } weight && !(weight > 0 && double.IsFinite(weight)))
            faults.Add("The fairness weight is not above 0.");
    }

    public static void CheckNetworks(IReadOnlyList<string> networks, string what, List<string> faults) =>
        faults.AddRange(networks.Where(n => !IpRange.TryParse(n, out _)).Select(n => $"The {what} '{n}' is not a network in CIDR notation."));
}
