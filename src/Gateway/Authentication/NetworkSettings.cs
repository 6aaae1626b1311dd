using System.ComponentModel.DataAnnotations;
using System.Net;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Authentication;

/// <summary>Section <c>Network</c>: what stands between callers and the agent.</summary>
internal sealed class NetworkSettings : IValidatableObject
{
    /// <summary>
    /// Networks (CIDR) of proxies whose <c>X-Forwarded-For</c> is believed. From anybody else the header is ignored.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => TrustedProxies
        .Where(text => !IpRange.TryParse(text, out _))
        .Select(_ => new ValidationResult("TrustedProxies: an entry is not a network in CIDR notation.", [nameof(TrustedProxies)]));

    public IReadOnlyList<IPNetwork> ReadTrustedProxies()
    {
        var networks = new List<IPNetwork>();
        foreach (var text in TrustedProxies)
        {
            if (IpRange.TryParse(text, out var network))
                networks.Add(network);
        }
        return networks;
    }
}
