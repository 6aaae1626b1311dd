using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>
/// The public part of a key: the first 15 characters of <see cref="ApiKeyFormat"/>, <c>sk-</c> included. It finds the
/// key; the rest proves it.
/// </summary>
[JsonConverter(typeof(TextIdJsonConverter<ApiKeyPrefix>))]
public readonly record struct ApiKeyPrefix : ITextId<ApiKeyPrefix>
{
    private readonly string? _value;

    private ApiKeyPrefix(string value) => _value = value;

    public string Value => _value ?? "";

    public static ApiKeyPrefix Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var parsed) ? parsed : throw new FormatException("A key's prefix is sk- and 12 letters or digits.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ApiKeyPrefix result)
    {
        var ok = s is { Length: ApiKeyFormat.PrefixLength } && ApiKeyFormat.IsWellFormedPart(s);
        result = ok ? new(s!) : default;
        return ok;
    }

    public override string ToString() => Value;
}
