using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Enrolment;

namespace Platform.Control.Bus;

/// <summary>Section <c>Broker</c>: RabbitMQ as Control sees it, and as agents are told to see it.</summary>
internal sealed class BrokerSettings
{
    [Required]
    public string Host { get; set; } = "localhost";

    [Range(1, 65535)]
    public int Port { get; set; } = 5672;

    [Required]
    public string VirtualHost { get; set; } = "/";

    [Required]
    public string User { get; set; } = "";

    [Required]
    public string Password { get; set; } = "";

    public bool Tls { get; set; }

    /// <summary>RabbitMQ's management API, which makes one broker user for each agent. Without it, agents share one.</summary>
    public Uri? ManagementUrl { get; set; }

    public string? ManagementUser { get; set; }

    public string? ManagementPassword { get; set; }

    /// <summary>The user that agents share where there is no management API; else not used.</summary>
    public string? AgentUser { get; set; }

    public string? AgentPassword { get; set; }

    /// <summary>The broker's address for agents, where it differs from Control's.</summary>
    public string? AgentHost { get; set; }

    [Range(1, 65535)]
    public int? AgentPort { get; set; }

    public BrokerAccess Access => new(Host, Port, VirtualHost, User, Password, Tls);

    public BrokerAccess AccessFor(string user, string password) =>
        new(AgentHost ?? Host, AgentPort ?? Port, VirtualHost, user, password, Tls);
}
