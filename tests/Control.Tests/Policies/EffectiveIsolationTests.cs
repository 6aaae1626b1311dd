using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Delivery;

namespace Platform.Control.Tests.Policies;

/// <summary>The stricter of the operator's and the tenant's own policy, from its inputs alone.</summary>
public sealed class EffectiveIsolationTests
{
    private static readonly PoolId[] Pools = [.. Enumerable.Range(0, 3).Select(_ => PoolId.New()).OrderBy(p => p.Value)];

    /// <summary>Lists with spaces between; a dash is none.</summary>
    [Theory]
    [InlineData("-", "-", "-")]
    [InlineData("10.0.0.0/8", "-", "10.0.0.0/8")]
    [InlineData("-", "2001:db8::/32", "2001:db8::/32")]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", "10.1.0.0/16")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/16")]
    [InlineData("10.0.0.0/8", "192.0.2.0/24", "")]
    [InlineData("10.0.0.0/8", "2001:db8::/32", "")]
    [InlineData("0.0.0.0/0", "10.0.0.0/8 2001:db8::/32", "10.0.0.0/8")]
    [InlineData("0.0.0.0/0 ::/0", "192.0.2.1/32 2001:db8::1/128", "192.0.2.1/32 2001:db8::1/128")]
    [InlineData("10.0.0.0/8 192.0.2.0/24", "192.0.0.0/16 10.5.0.0/16 172.16.0.0/12", "10.5.0.0/16 192.0.2.0/24")]
    [InlineData("10.0.0.0/8 10.1.0.0/16", "-", "10.0.0.0/8")]
    [InlineData("10.0.0.0/8 10.1.0.0/16", "10.1.0.0/16 10.1.2.0/24", "10.1.0.0/16")]
    [InlineData("10.0.0.0/25 10.0.0.128/25", "10.0.0.0/24", "10.0.0.0/25 10.0.0.128/25")]
    [InlineData("::ffff:10.0.0.0/104", "10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("2001:db8::/32", "2001:db8:1::/48 2001:db9::/32", "2001:db8:1::/48")]
    public void Callers_must_be_in_both_lists(string operators, string own, string expected)
    {
        var effective = EffectiveIsolation.Of(new IsolationSpec { IpRanges = List(operators) }, new() { IpRanges = List(own) });

        effective.IpRanges.ShouldBe(List(expected));
    }

    [Theory]
    [InlineData("-", "-", "-")]
    [InlineData("0 1", "-", "0 1")]
    [InlineData("1 0 1", "-", "0 1")]
    [InlineData("0 1", "1 2", "1")]
    [InlineData("0", "2", "")]
    public void Pools_must_be_allowed_by_both(string operators, string own, string expected) =>
        EffectiveIsolation.Of(new IsolationSpec { AllowedPools = PoolsOf(operators) }, new() { AllowedPools = PoolsOf(own) })
            .AllowedPools.ShouldBe(PoolsOf(expected));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(30, null, 30)]
    [InlineData(null, 30, 30)]
    [InlineData(30, 7, 7)]
    [InlineData(7, 30, 7)]
    public void The_shorter_time_holds(int? operators, int? own, int? expected)
    {
        var effective = EffectiveIsolation.Of(
            new IsolationSpec { RetentionDays = operators, MaxSecondsWithoutControl = operators }, new() { RetentionDays = own, MaxSecondsWithoutControl = own });

        (effective.RetentionDays, effective.MaxSecondsWithoutControl).ShouldBe((expected, expected));
    }

    [Fact]
    public void Weight_and_band_are_the_operators_alone()
    {
        var effective = EffectiveIsolation.Of(new IsolationSpec { FairnessWeight = 2 }, new() { FairnessWeight = 50, PriorityBand = 9 });

        (effective.FairnessWeight, effective.PriorityBand).ShouldBe((2, null));
    }

    [Fact]
    public void Where_neither_said_anything_there_is_none() => EffectiveIsolation.Of([]).ShouldBeNull();

    private static string[]? List(string text) => text == "-" ? null : text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static PoolId[]? PoolsOf(string text) => List(text) is { } items ? Array.ConvertAll(items, i => Pools[i[0] - '0']) : null;
}
