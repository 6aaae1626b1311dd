using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>One start of an agent; what an older boot leased or reported is void.</summary>
[JsonConverter(typeof(IdJsonConverter<BootId>))]
public readonly record struct BootId(Guid Value) : IId<BootId>
{
    public static BootId From(Guid value) => new(value);

    public static BootId New() => new(Guid.CreateVersion7());

    public static BootId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out BootId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
