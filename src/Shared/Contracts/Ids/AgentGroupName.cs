using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>
/// The agents that serve the same tenants and pools. 1 to 40 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>, because
/// it is part of exchange names and of the broker's permission expressions.
/// </summary>
[JsonConverter(typeof(TextIdJsonConverter<AgentGroupName>))]
public readonly record struct AgentGroupName : ITextId<AgentGroupName>
{
    public static readonly AgentGroupName Default = new("default");

    private readonly string? _value;

    private AgentGroupName(string value) => _value = value;

    public string Value => _value ?? "";

    public static AgentGroupName Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var parsed) ? parsed : throw new FormatException("A group name has 1 to 40 characters of a-z, 0-9 and -.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AgentGroupName result)
    {
        var ok = s is { Length: > 0 and <= 40 } && s.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
        result = ok ? new(s!) : default;
        return ok;
    }

    public override string ToString() => Value;
}
