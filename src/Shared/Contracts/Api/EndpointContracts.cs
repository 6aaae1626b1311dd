using System.ComponentModel.DataAnnotations;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>A new pool's endpoints.</summary>
public sealed record CreateEndpointRequest
{
    public const int MaxUrlLength = 500;
    public const int MaxCapacity = 1_000_000;

    /// <summary>
    /// Absolute http or https address, without query, fragment or credentials; <c>/v1/...</c> is appended to it. A
    /// tenant's own must be https, and its host public.
    /// </summary>
    [Required, StringLength(MaxUrlLength)]
    public string Url { get; init; } = "";

    /// <summary>Requests that it serves at once; null to learn it.</summary>
    [Range(1, MaxCapacity)]
    public int? Capacity { get; init; }
}

/// <summary>POST /api/v1/tenants/{tenantId}/pools/{poolId}/endpoints.</summary>
public sealed record AddEndpointRequest
{
    /// <inheritdoc cref="CreateEndpointRequest.Url"/>
    [Required, StringLength(CreateEndpointRequest.MaxUrlLength)]
    public string Url { get; init; } = "";

    /// <inheritdoc cref="CreateEndpointRequest.Capacity"/>
    [Range(1, CreateEndpointRequest.MaxCapacity)]
    public int? Capacity { get; init; }

    /// <summary>
    /// The pool's provider key anew, which replaces the stored one. Needed where the pool has a key and none of its
    /// endpoints has the address.
    /// </summary>
    [StringLength(ProviderKeyRequest.MaxLength, MinimumLength = 1), RegularExpression(ProviderKeyRequest.Pattern, ErrorMessage = ProviderKeyRequest.Fault)]
    public string? ProviderKey { get; init; }

    /// <summary>
    /// The pool's client certificate anew, which replaces the stored one. Needed where the pool has one and none of its
    /// endpoints has the address.
    /// </summary>
    public ClientCertificateRequest? ClientCertificate { get; init; }
}

/// <summary>PUT /api/v1/tenants/{tenantId}/pools/{poolId}/endpoints/{id}.</summary>
public sealed record UpdateEndpointRequest
{
    /// <inheritdoc cref="CreateEndpointRequest.Url"/>
    [Required, StringLength(CreateEndpointRequest.MaxUrlLength)]
    public string Url { get; init; } = "";

    /// <inheritdoc cref="CreateEndpointRequest.Capacity"/>
    [Range(1, CreateEndpointRequest.MaxCapacity)]
    public int? Capacity { get; init; }

    /// <inheritdoc cref="AddEndpointRequest.ProviderKey"/>
    [StringLength(ProviderKeyRequest.MaxLength, MinimumLength = 1), RegularExpression(ProviderKeyRequest.Pattern, ErrorMessage = ProviderKeyRequest.Fault)]
    public string? ProviderKey { get; init; }

    /// <inheritdoc cref="AddEndpointRequest.ClientCertificate"/>
    public ClientCertificateRequest? ClientCertificate { get; init; }
}

/// <param name="Capacity">Requests that it serves at once; null where it is learned.</param>
/// <param name="DrainingSince">Since when it takes no new requests; null where it does.</param>
/// <param name="Version">The pool's: an endpoint changes with its pool.</param>
public sealed record EndpointAnswer(
    EndpointId Id, Uri Url, int? Capacity, DateTimeOffset? DrainingSince, DateTimeOffset CreatedAt, long Version) : IVersioned;
