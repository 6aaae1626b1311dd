using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>A tenant's unit of keys, budgets and attribution.</summary>
[JsonConverter(typeof(IdJsonConverter<ProjectId>))]
public readonly record struct ProjectId(Guid Value) : IId<ProjectId>
{
    public static ProjectId From(Guid value) => new(value);

    public static ProjectId New() => new(Guid.CreateVersion7());

    public static ProjectId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ProjectId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
