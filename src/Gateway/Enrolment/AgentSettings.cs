using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Enrolment;

/// <summary>Section <c>Agent</c>.</summary>
internal sealed class AgentSettings
{
    /// <summary>Holds the identity, the last good configuration and the journal; this agent's alone.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>Control's base address.</summary>
    [Required]
    public Uri? ControlUrl { get; set; }

    /// <summary>A file with a one-time token; read only while the agent is not enrolled.</summary>
    public string? EnrolmentTokenFile { get; set; }

    [StringLength(100, MinimumLength = 1)]
    public string Name { get; set; } = Environment.MachineName;

    /// <summary>Free text such as <c>bluefield-3</c> or <c>server</c>; null for what the machine says of itself.</summary>
    [StringLength(100)]
    public string? HostKind { get; set; }

    /// <summary>Where the kernel tells about the machine.</summary>
    [Required]
    public string SysfsRoot { get; set; } = "/sys";

    /// <summary>
    /// How long the agent serves on after SIGTERM, no longer ready: as long as balancers need to see it. Each answer in that
    /// time asks for its connection's end.
    /// </summary>
    [Range(0, 600)]
    public int NoticeSeconds { get; set; } = 5;

    /// <summary>How long running requests may go on after the notice.</summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; set; } = 30;
}
