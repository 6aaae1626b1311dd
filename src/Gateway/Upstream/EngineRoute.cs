namespace Platform.Gateway.Upstream;

/// <summary>Where an engine answers an operation.</summary>
/// <param name="Path">Appended to an endpoint's base address.</param>
/// <param name="Index">Its place among the engine's routes.</param>
internal sealed record EngineRoute(string Path, int Index);
