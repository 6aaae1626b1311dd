using System.Text.RegularExpressions;
using Platform.Contracts.Ids;
using Platform.Control.Agents;

namespace Platform.Control.Tests.Agents;

public sealed class BrokerPermissionsTests
{
    private static readonly AgentId Agent = AgentId.New();
    private static readonly AgentId Other = AgentId.New();
    private readonly BrokerPermissions _permissions = BrokerPermissions.For(Agent, AgentGroupName.Parse("eu-1"));

    [Fact]
    public void An_agent_has_its_own_queues_and_hears_its_group()
    {
        string[] own = [$"agent.{Agent}", $"agent.{Agent}_error", $"agent.{Agent}.loads", "platform.config.eu-1"];

        foreach (var name in own)
        {
            Regex.IsMatch(name, _permissions.Configure).ShouldBeTrue(name);
            Regex.IsMatch(name, _permissions.Read).ShouldBeTrue(name);
        }
        Regex.IsMatch("platform.usage", _permissions.Write).ShouldBeTrue();
        Regex.IsMatch("platform.agents", _permissions.Write).ShouldBeTrue();
    }

    [Fact]
    public void It_talks_with_its_own_group_and_no_other()
    {
        string[] rights = [_permissions.Configure, _permissions.Write, _permissions.Read];

        rights.ShouldAllBe(r => Regex.IsMatch("platform.peers.eu-1", r));
        rights.ShouldAllBe(r => !Regex.IsMatch("platform.peers.eu-10", r) && !Regex.IsMatch("platform.peers.eu", r) && !Regex.IsMatch("platformXpeers.eu-1", r));
    }

    [Fact]
    public void It_can_neither_speak_for_control_nor_hear_others()
    {
        Regex.IsMatch("platform.config.eu-1", _permissions.Write).ShouldBeFalse();
        string[] foreign = [$"agent.{Other}", "platform.config.eu-10", "platform.config.eu", "platformXconfig.eu-1", "platform.usage", "amq.default", ""];
        foreach (var name in foreign)
        {
            Regex.IsMatch(name, _permissions.Configure).ShouldBeFalse(name);
            Regex.IsMatch(name, _permissions.Read).ShouldBeFalse(name);
        }
    }
}
