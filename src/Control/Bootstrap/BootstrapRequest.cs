using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts.Ids;

namespace Platform.Control.Bootstrap;

/// <summary>What <c>bootstrap</c> reads from its standard input; every member may be left out.</summary>
internal sealed record BootstrapRequest
{
    public PortalClient? Portal { get; init; }

    public OperatorUser? Operator { get; init; }

    public AutomationClient? Automation { get; init; }

    public FirstTenant? Tenant { get; init; }
}

/// <param name="BaseUrl">The portal's address; its redirect addresses follow from it.</param>
internal sealed record PortalClient(string ClientId, string ClientSecret, Uri BaseUrl);

/// <param name="Email">Of a user here; left out where another authority signs people in.</param>
/// <param name="Password">Set when the user is made; never changed by a later run.</param>
/// <param name="Subject">The <c>sub</c> of another authority's user.</param>
internal sealed record OperatorUser(string? Email = null, string? Password = null, string? Subject = null);

/// <summary>A service client in the operator role, and admin of the first tenant.</summary>
internal sealed record AutomationClient(string ClientId, string ClientSecret);

/// <param name="Group">The agent group that serves it; made when missing.</param>
/// <param name="AdminPassword">Set when the user is made; never changed by a later run.</param>
/// <param name="AdminSubject">The <c>sub</c> of another authority's user.</param>
internal sealed record FirstTenant(
    string Name, string Slug, string? Group = null, string? AdminEmail = null, string? AdminPassword = null, string? AdminSubject = null);

/// <summary>What <c>bootstrap</c> writes to its standard output.</summary>
internal sealed record BootstrapAnswer(TenantId? TenantId);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BootstrapRequest))]
[JsonSerializable(typeof(BootstrapAnswer))]
internal sealed partial class BootstrapJson : JsonSerializerContext;
