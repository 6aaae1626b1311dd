using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>One dispatched request: the UsageRecord's id and the answer's x-request-id.</summary>
[JsonConverter(typeof(IdJsonConverter<RequestId>))]
public readonly record struct RequestId(Guid Value) : IId<RequestId>
{
    public static RequestId From(Guid value) => new(value);

    public static RequestId New() => new(Guid.CreateVersion7());

    public static RequestId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RequestId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
