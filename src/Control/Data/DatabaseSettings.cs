using System.ComponentModel.DataAnnotations;

namespace Platform.Control.Data;

/// <summary>
/// Section <c>Database</c>: one Npgsql connection string for each role, so that a request, a job and the ledger each
/// have no more rights than they need.
/// </summary>
internal sealed class DatabaseSettings
{
    /// <summary>Login role in <c>control_tenant</c>: requests.</summary>
    [Required]
    public string Tenant { get; set; } = "";

    /// <summary>Login role in <c>control_platform</c>: operators, publisher, catch-up, identity.</summary>
    [Required]
    public string Platform { get; set; } = "";

    /// <summary>Login role in <c>ingest</c>: the ledger.</summary>
    [Required]
    public string Ingest { get; set; } = "";
}
