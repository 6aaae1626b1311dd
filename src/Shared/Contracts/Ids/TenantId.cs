using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Platform.Contracts.Json;

namespace Platform.Contracts.Ids;

/// <summary>A customer organisation.</summary>
[JsonConverter(typeof(IdJsonConverter<TenantId>))]
public readonly record struct TenantId(Guid Value) : IId<TenantId>
{
    /// <summary>The reserved tenant that owns what is shared: catalog, shared pools, groups, agents.</summary>
    public static readonly TenantId Platform = new(new Guid("00000000-0000-7000-8000-000000000001"));

    public static TenantId From(Guid value) => new(value);

    public static TenantId New() => new(Guid.CreateVersion7());

    public static TenantId Parse(string s, IFormatProvider? provider = null) => new(Guid.ParseExact(s, "D"));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TenantId result)
    {
        var ok = Guid.TryParseExact(s, "D", out var value);
        result = new(value);
        return ok;
    }

    public override string ToString() => Value.ToString("D");
}
