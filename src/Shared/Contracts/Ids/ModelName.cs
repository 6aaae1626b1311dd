using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>
/// The model name a caller sends: 1 to 128 characters of letters, digits and <c>. _ : / @ -</c>, compared byte by byte.
/// A slash is allowed, as in <c>meta-llama/Llama-3.1-8B-Instruct</c>.
/// </summary>
[JsonConverter(typeof(TextIdJsonConverter<ModelName>))]
public readonly record struct ModelName : ITextId<ModelName>
{
    public const int MaxLength = 128;

    private readonly string? _value;

    private ModelName(string value) => _value = value;

    public string Value => _value ?? "";

    public static ModelName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var parsed) ? parsed : throw new FormatException("A model name has 1 to 128 characters of letters, digits and . _ : / @ -");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ModelName result)
    {
        var ok = s is { Length: > 0 and <= MaxLength } && s.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '@' or '-');
        result = ok ? new(s!) : default;
        return ok;
    }

    public override string ToString() => Value;
}
