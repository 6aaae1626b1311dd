using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Json;

/// <summary>Writes an identifier as its UUID, also as a dictionary's key.</summary>
public sealed class IdJsonConverter<T> : JsonConverter<T>
    where T : struct, IId<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value)
            ? T.From(value)
            : throw new JsonException($"expected a UUID for {typeof(T).Name}");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Guid.TryParseExact(reader.GetString(), "D", out var value)
            ? T.From(value)
            : throw new JsonException($"expected a UUID for {typeof(T).Name}");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value.ToString("D"));
}
