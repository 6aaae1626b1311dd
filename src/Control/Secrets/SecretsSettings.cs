using System.ComponentModel.DataAnnotations;

namespace Platform.Control.Secrets;

/// <summary>Section <c>Secrets</c>.</summary>
internal sealed class SecretsSettings
{
    /// <summary>A file with the base64 of 32 random bytes, readable by Control only.</summary>
    [Required]
    public string MasterKeyFile { get; set; } = "";
}
