using Platform.Contracts.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>
/// The order in which a model's targets are tried: tier by tier from the lowest, in each drawn by weight, so that the
/// first choice has its share and the others of the tier follow as fallbacks.
/// </summary>
internal static class TargetOrder
{
    public static IReadOnlyList<ModelTarget> Of(IReadOnlyList<ModelTarget> targets, Random random)
    {
        if (targets.Count <= 1)
            return targets;
        var order = targets.ToArray();
        Array.Sort(order, static (a, b) => a.Tier.CompareTo(b.Tier));
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && order[end].Tier == order[start].Tier)
                end++;
            Shuffle(order.AsSpan(start..end), random);
        }
        return order;
    }

    /// <summary>Draws one after the other of those that are left, each with a chance of its weight.</summary>
    private static void Shuffle(Span<ModelTarget> tier, Random random)
    {
        for (; tier.Length > 1; tier = tier[1..])
        {
            var chosen = Draw(tier, random);
            (tier[0], tier[chosen]) = (tier[chosen], tier[0]);
        }
    }

    private static int Draw(ReadOnlySpan<ModelTarget> tier, Random random)
    {
        var total = 0L;
        foreach (var target in tier)
            total += target.Weight;
        var point = random.NextInt64(total);
        var index = 0;
        while (point >= tier[index].Weight)
            point -= tier[index++].Weight;
        return index;
    }
}
