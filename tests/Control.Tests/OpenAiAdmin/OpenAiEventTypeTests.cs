using Platform.Contracts.Api;
using Platform.Control.OpenAiAdmin;

namespace Platform.Control.Tests.OpenAiAdmin;

/// <summary>Whoever added a member, OpenAI calls it the same.</summary>
public sealed class OpenAiEventTypeTests
{
    [Theory]
    [InlineData("membership.add")]
    [InlineData("member.add")]
    public void Somebody_who_came_in_is_user_added(string action)
    {
        OpenAiEventTypes.Of(action, AuditOutcomes.Success).ShouldBe("user.added");
        OpenAiEventTypes.ActionsOf("user.added").ShouldContain(action);
    }
}
