using System.ComponentModel.DataAnnotations;

namespace Platform.Migrations;

/// <summary>Section <c>Broker</c>: a user who may declare exchanges and queues.</summary>
internal sealed class TopologySettings
{
    [Required]
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 5672;

    [Required]
    public string VirtualHost { get; set; } = "/";

    [Required]
    public string User { get; set; } = "";

    [Required]
    public string Password { get; set; } = "";

    public bool Tls { get; set; }
}
