using System.ComponentModel.DataAnnotations;

namespace Platform.Portal;

/// <summary>Section <c>Portal</c>.</summary>
public sealed class PortalSettings
{
    /// <summary>The OpenID Connect authority. https, except on this machine's loopback.</summary>
    [Required, WebAddress(HttpOnlyOnLoopback = true)]
    public Uri? Authority { get; set; }

    /// <summary>Base address of Control's API.</summary>
    [Required, WebAddress]
    public Uri? ControlUrl { get; set; }

    [Required]
    public string ClientId { get; set; } = "";

    [Required]
    public string ClientSecret { get; set; } = "";

    /// <summary>Holds the data protection keys; without them nobody's session survives a restart.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";

    /// <summary>Addresses of gateways, shown to users in snippets; <c>/v1</c> is appended.</summary>
    [WebAddress]
    public IReadOnlyList<Uri> GatewayUrls { get; set; } = [];
}
