using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Tests;

/// <summary>A tenant's share of the buffers.</summary>
public sealed class TenantBuffersTests : IDisposable
{
    private const int Half = 512 * 1024;

    private readonly LimitsSettings _limits = new() { MaxBufferedMegabytes = 1 };
    private readonly CurrentSnapshot _current = new();
    private readonly BufferBudget _all;
    private readonly TenantBuffers _buffers;
    private readonly TenantId _one = TenantId.New();
    private readonly TenantId _two = TenantId.New();

    public TenantBuffersTests()
    {
        _all = new(_limits);
        _buffers = new(_all, _limits, _current);
    }

    public void Dispose()
    {
        _buffers.Dispose();
        _current.Dispose();
    }

    [Fact]
    public void A_share_bounds_its_tenant_and_counts_with_all()
    {
        var mine = _buffers.Of(_one).TryRent(Half).ShouldNotBeNull();
        _buffers.Of(_one).TryRent(1).ShouldBeNull();
        var theirs = _buffers.Of(_two).TryRent(Half).ShouldNotBeNull();

        _all.Used.ShouldBe(2 * Half);
        _buffers.Of(TenantId.New()).TryRent(1).ShouldBeNull("all is taken");
        _buffers.Of(_one).GiveBack(mine);
        _buffers.Of(_two).GiveBack(theirs);
        (_all.Used, _buffers.Of(_one).Used, _buffers.Of(_two).Used).ShouldBe((0, 0, 0));
        _buffers.Of(null).ShouldBeSameAs(_all);
    }

    [Fact]
    public void A_tenant_that_goes_is_forgotten_and_what_it_holds_still_comes_back()
    {
        var (one, two) = (_buffers.Of(_one), _buffers.Of(_two));
        var held = one.TryRent(1000).ShouldNotBeNull();

        _current.Set(Snapshot.Empty with { Tenants = Snapshot.Empty.Tenants.Add(_two, new(_two, "two", Suspended: false, ModelTable.Empty)) });

        _buffers.Of(_two).ShouldBeSameAs(two);
        _buffers.Of(_one).ShouldNotBeSameAs(one);
        _all.Used.ShouldBe(held.Length);
        one.GiveBack(held);
        _all.Used.ShouldBe(0);
    }
}
