namespace Platform.Control.Data.Entities;

/// <summary>
/// One sign-in of a user, from one browser. It is live until it is ended, it runs out, or the user's security stamp is no
/// longer the one it holds.
/// </summary>
internal sealed class SessionRow
{
    public const int MaxAddress = 64;
    public const int MaxUserAgent = 256;

    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    /// <summary>The user's security stamp.</summary>
    public required string Stamp { get; set; }

    /// <summary>How the user proved who they are: one of <see cref="Identity.Sessions.SignInMethods"/>.</summary>
    public required string Method { get; init; }

    /// <summary>The tenant's identity provider by which the user signed in, and its tenant; null for a sign-in of our own.</summary>
    public Guid? ProviderId { get; init; }

    public Guid? ProviderTenantId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUsedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? Address { get; init; }

    public string? UserAgent { get; init; }
}

/// <summary>An authorization (OpenIddict's) that a client got in a session; it ends with the session.</summary>
internal sealed class SessionGrantRow
{
    public Guid AuthorizationId { get; init; }

    public Guid SessionId { get; init; }

    public required string ClientId { get; init; }
}
