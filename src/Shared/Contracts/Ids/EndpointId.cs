using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>One replica in a pool.</summary>
[JsonConverter(typeof(IdJsonConverter<EndpointId>))]
public readonly record struct EndpointId(Guid Value) : IId<EndpointId>
{
    public static EndpointId From(Guid value) => new(value);

    public static EndpointId New() => new(Guid.CreateVersion7());

    public static EndpointId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EndpointId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
