using System.Net;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Configuration;

/// <summary>How a tenant is kept apart, as requests need it. Null members restrict nothing; an empty list allows nothing.</summary>
/// <param name="Spec">As it is kept on disk; null where nobody said anything.</param>
internal sealed record IsolationModel(
    IsolationSpec? Spec, IReadOnlyList<IPNetwork>? Networks, HashSet<PoolId>? Pools, TimeSpan? MaxTimeWithoutControl)
{
    public static readonly IsolationModel None = new(null, null, null, null);

    /// <param name="spec">One without faults.</param>
    public static IsolationModel Of(IsolationSpec? spec) => spec is null ? None : new(
        spec, NetworksOf(spec.IpRanges), spec.AllowedPools is null ? null : [.. spec.AllowedPools],
        spec.MaxSecondsWithoutControl is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    /// <summary>Nothing of what is asked and answered is kept, not even in memory.</summary>
    public bool KeepsNothing => Spec?.ZeroRetention == true;

    public bool Allows(PoolId pool) => Pools?.Contains(pool) != false;

    /// <summary>The networks of texts; those that cannot be read are left out, and null stays null.</summary>
    public static IReadOnlyList<IPNetwork>? NetworksOf(IReadOnlyList<string>? texts)
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

    /// <summary>What both allow: for a document that is wrong otherwise, and yet must be obeyed where it takes something away.</summary>
    public IsolationModel AndAlso(IsolationSpec asked)
    {
        var mine = Spec ?? new();
        return Of(mine with
        {
            AllowedPools = Both(mine.AllowedPools, asked.AllowedPools),
            IpRanges = BothRanges(mine.IpRanges, asked.IpRanges),
            ZeroRetention = mine.ZeroRetention == true || asked.ZeroRetention == true ? true : mine.ZeroRetention,
            MaxSecondsWithoutControl = Least(mine.MaxSecondsWithoutControl, asked.MaxSecondsWithoutControl is > 0 and var s ? s : null),
        });
    }

    /// <summary>What is in both lists; null is everything.</summary>
    public static IReadOnlyList<T>? Both<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) => a is null ? b : b is null ? a : [.. a.Intersect(b)];

    /// <inheritdoc cref="Both"/>
    public static IReadOnlyList<string>? BothRanges(IReadOnlyList<string>? a, IReadOnlyList<string>? b) =>
        (NetworksOf(a), NetworksOf(b)) switch
        {
            (var mine, null) => mine is null ? null : a,
            (null, { } theirs) => [.. theirs.Select(n => n.ToString())],
            ({ } mine, { } theirs) => [.. IpRange.Intersect(mine, theirs).Select(n => n.ToString())],
        };

    public static T? Least<T>(T? a, T? b)
        where T : struct, IComparable<T> => a is null ? b : b is null || a.Value.CompareTo(b.Value) <= 0 ? a : b;
}
