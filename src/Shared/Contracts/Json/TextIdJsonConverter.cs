using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Json;

/// <summary>Reads a checked name; a text that breaks its rule is a <see cref="JsonException"/>.</summary>
public sealed class TextIdJsonConverter<T> : JsonConverter<T>
    where T : struct, ITextId<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString(), null, out var value)
            ? value
            : throw new JsonException($"not a valid {typeof(T).Name}");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
