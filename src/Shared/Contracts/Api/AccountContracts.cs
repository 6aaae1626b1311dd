namespace Platform.Contracts.Api;

/// <summary>GET /api/v1/me/sessions: a sign-in of the caller that still lives.</summary>
/// <param name="LastUsedAt">To the minute.</param>
/// <param name="ExpiresAt">Without further use.</param>
/// <param name="Address">The IP address that it came from.</param>
/// <param name="Method"><c>password</c>, <c>password+code</c>, <c>password+recovery-code</c> or <c>passkey</c>.</param>
/// <param name="Clients">Ids of the clients that hold tokens of it.</param>
/// <param name="IsCurrent">True for the session that the request's own token is of.</param>
public sealed record SessionAnswer(
    Guid Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpiresAt,
    string? Address,
    string? UserAgent,
    string Method,
    IReadOnlyList<string> Clients,
    bool IsCurrent);
