using Platform.Gateway.Upstream;

namespace Platform.Gateway.Translation;

/// <summary>A request to be said in another dialect.</summary>
/// <param name="Body">A JSON object that was read whole before.</param>
/// <param name="Model">Its name at the endpoint.</param>
internal readonly record struct TranslationInput(ReadOnlyMemory<byte> Body, string Model, EngineProfile Engine);
