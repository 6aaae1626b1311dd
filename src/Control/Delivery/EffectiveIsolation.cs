using System.Net;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Certificates;
using Platform.Control.Data.Entities;
using Platform.Hosting.Outbound;

namespace Platform.Control.Delivery;

/// <summary>What holds of the operator's and the tenant's own policy together: the stricter, member by member.</summary>
internal static class EffectiveIsolation
{
    /// <returns>Null where neither said anything.</returns>
    public static IsolationSpec? Of(IReadOnlyCollection<IsolationPolicyRow> rows)
    {
        if (rows.Count == 0)
            return null;
        var operators = rows.SingleOrDefault(r => r.IsOperators) is { } theirs ? PolicyDocuments.SpecOf(theirs) : new();
        var own = rows.SingleOrDefault(r => !r.IsOperators) is { } mine ? PolicyDocuments.SpecOf(mine) : new();
        return Of(operators, own);
    }

    /// <summary>Null restricts nothing, an empty list allows nothing; weight and band are the operator's alone.</summary>
    public static IsolationSpec Of(IsolationSpec operators, IsolationSpec own) => new()
    {
        AllowedPools = Pools(operators.AllowedPools, own.AllowedPools),
        IpRanges = Networks(operators.IpRanges, own.IpRanges),
        RetentionDays = Least(operators.RetentionDays, own.RetentionDays),
        FairnessWeight = operators.FairnessWeight,
        PriorityBand = operators.PriorityBand,
        MaxSecondsWithoutControl = Least(operators.MaxSecondsWithoutControl, own.MaxSecondsWithoutControl),
        ZeroRetention = operators.ZeroRetention is true || own.ZeroRetention is true ? true : operators.ZeroRetention ?? own.ZeroRetention,
        ClientAuthorities = Common(Authorities.Canonical(operators.ClientAuthorities), Authorities.Canonical(own.ClientAuthorities)),
    };

    private static IReadOnlyList<PoolId>? Pools(IReadOnlyList<PoolId>? a, IReadOnlyList<PoolId>? b)
    {
        var both = a is null ? b : b is null ? a : a.Intersect(b);
        return both is null ? null : [.. both.Distinct().OrderBy(p => p.Value)];
    }

    /// <summary>The authorities in both lists; what is no certificate is in neither.</summary>
    private static IReadOnlyList<string>? Common(string[]? a, string[]? b)
    {
        var both = a is null ? b : b is null ? a : a.Intersect(b, StringComparer.Ordinal);
        return both is null ? null : [.. both.Order(StringComparer.Ordinal)];
    }

    /// <summary>The networks in both lists, less those that lie in another of them.</summary>
    private static IReadOnlyList<string>? Networks(IReadOnlyList<string>? a, IReadOnlyList<string>? b)
    {
        var (left, right) = (Read(a), Read(b));
        if ((left ?? right) is not { } either)
            return null;
        var both = left is not null && right is not null ? IpRange.Intersect(left, right) : either;
        return [.. both.Where(n => !both.Any(other => IsInside(n, other))).Select(n => n.ToString()).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>A text that is no network is left out: a list of such texts is empty, and lets nobody in.</summary>
    private static List<IPNetwork>? Read(IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return null;
        var networks = new List<IPNetwork>(texts.Count);
        foreach (var text in texts)
        {
            if (IpRange.TryParse(text, out var network))
                networks.Add(network);
        }
        return networks;
    }

    private static bool IsInside(IPNetwork network, IPNetwork other) =>
        other.PrefixLength < network.PrefixLength && other.Contains(network.BaseAddress);

    private static int? Least(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
