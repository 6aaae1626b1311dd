using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>A name that callers send, with its targets.</summary>
[JsonConverter(typeof(IdJsonConverter<ModelId>))]
public readonly record struct ModelId(Guid Value) : IId<ModelId>
{
    public static ModelId From(Guid value) => new(value);

    public static ModelId New() => new(Guid.CreateVersion7());

    public static ModelId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ModelId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
