using System.ComponentModel.DataAnnotations;

namespace Platform.Migrations;

/// <summary>Section <c>Database</c>: the owner's connection string, and those of the roles that the owner makes.</summary>
internal sealed class OwnerSettings
{
    /// <summary>A role without superuser rights that owns the database and may create roles.</summary>
    [Required]
    public string Owner { get; set; } = "";

    /// <summary>User and password of the login role in <c>control_tenant</c>.</summary>
    [Required]
    public string Tenant { get; set; } = "";

    /// <summary>User and password of the login role in <c>control_platform</c>.</summary>
    [Required]
    public string Platform { get; set; } = "";

    /// <summary>User and password of the login role in <c>ingest</c>.</summary>
    [Required]
    public string Ingest { get; set; } = "";
}
