using Platform.Gateway.Translation;

namespace Platform.Gateway.Upstream;

/// <summary>Where an engine answers an operation.</summary>
/// <param name="Path">Appended to an endpoint's base address.</param>
/// <param name="Index">Its place among the engine's routes.</param>
/// <param name="Translation">The engine does not speak the operation itself; what is asked there is said anew. Null where it does.</param>
internal sealed record EngineRoute(string Path, int Index, Translator? Translation);
