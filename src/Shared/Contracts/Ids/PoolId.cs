using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>A set of endpoints that serve the same base model with the same engine.</summary>
[JsonConverter(typeof(IdJsonConverter<PoolId>))]
public readonly record struct PoolId(Guid Value) : IId<PoolId>
{
    public static PoolId From(Guid value) => new(value);

    public static PoolId New() => new(Guid.CreateVersion7());

    public static PoolId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PoolId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
