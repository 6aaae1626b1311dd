namespace Platform.Local.Stack;

/// <summary>The names of a local platform's own processes, as <c>status</c> and <c>logs</c> show them.</summary>
public static class ServiceNames
{
    public const string Control = "control";
    public const string Portal = "portal";

    /// <summary>The agent for BlueField's processors; <c>up</c> does not start it.</summary>
    public const string ArmGateway = "gateway-arm64";

    public static readonly IReadOnlyList<string> Gateways = ["gateway-1", "gateway-2"];
    public static readonly IReadOnlyList<string> Workers = ["worker-1", "worker-2", "worker-3", "worker-4"];
}
