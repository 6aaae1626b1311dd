using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>One enrolled gateway agent.</summary>
[JsonConverter(typeof(IdJsonConverter<AgentId>))]
public readonly record struct AgentId(Guid Value) : IId<AgentId>
{
    public static AgentId From(Guid value) => new(value);

    public static AgentId New() => new(Guid.CreateVersion7());

    public static AgentId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AgentId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
