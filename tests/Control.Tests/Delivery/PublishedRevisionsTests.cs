using Platform.Contracts.Ids;
using Platform.Control.Delivery;

namespace Platform.Control.Tests.Delivery;

public sealed class PublishedRevisionsTests
{
    private static readonly AgentGroupName Group = AgentGroupName.Default;
    private readonly PublishedRevisions _told = new();

    [Fact]
    public void A_group_seen_first_has_nothing_to_be_told() => _told.ChangeFrom(Group, 7).ShouldBeNull();

    [Fact]
    public void A_change_starts_where_the_last_good_one_ended()
    {
        _told.ChangeFrom(Group, 7);

        _told.ChangeFrom(Group, 9).ShouldBe(7);
        _told.ChangeFrom(Group, 12).ShouldBe(7);
        _told.Told(Group, 12);
        _told.ChangeFrom(Group, 12).ShouldBeNull();
        _told.ChangeFrom(Group, 13).ShouldBe(12);
    }
}
