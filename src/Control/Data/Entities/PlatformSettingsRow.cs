using System.Text.Json;
using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>What operators set for the whole platform; one row.</summary>
internal sealed class PlatformSettingsRow
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; } = 1;

    /// <summary>One of <see cref="Contracts.Api.SignUpModes"/>.</summary>
    public required string SignUpMode { get; set; }

    /// <summary>The group of tenants that sign up.</summary>
    public AgentGroupName SignUpGroup { get; set; }

    /// <summary>Limits that a tenant gets when it signs up: a <see cref="Contracts.Configuration.QuotaSpec"/>; null for none.</summary>
    public JsonElement? SignUpLimits { get; set; }

    /// <summary>Networks (CIDR) that tenants' own endpoints may be in although they are private.</summary>
    public string[] AllowedNetworks { get; set; } = [];

    /// <summary>Grows with each change; the resource's ETag.</summary>
    public long Version { get; set; } = 1;
}
