namespace Platform.Gateway.Edge;

/// <summary>Section <c>Edge</c>: what callers are told.</summary>
internal sealed class EdgeSettings
{
    /// <summary>Whether answers name their model and endpoint; for tenants that did not choose.</summary>
    public bool ShowGatewayHeaders { get; set; } = true;
}
