using Platform.Contracts.Ids;

namespace Platform.Gateway.Forwarding;

/// <summary>One try, as it is told afterwards.</summary>
/// <param name="ErrorCode">Null where the endpoint answered.</param>
/// <param name="Milliseconds">From its dispatch to its end.</param>
internal sealed record TriedEndpoint(PoolId PoolId, EndpointId EndpointId, string? ErrorCode, double Milliseconds);
