namespace Platform.Portal.Session;

/// <summary>What the authority gave for one session. Never logged, never sent to the browser in clear.</summary>
/// <param name="ExpiresAt">Of the access token.</param>
internal sealed record SessionTokens(string AccessToken, string? RefreshToken, DateTimeOffset ExpiresAt);
