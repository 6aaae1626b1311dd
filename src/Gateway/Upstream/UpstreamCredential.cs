using System.Net.Http.Headers;

namespace Platform.Gateway.Upstream;

/// <summary>What proves to an endpoint who we are, in the form that its engine wants.</summary>
internal sealed class UpstreamCredential
{
    private const string ApiKeyHeader = "x-api-key";
    public const string VersionHeader = "anthropic-version";

    /// <summary>For callers that say none, and for what we say ourselves: the one that our translations are written in.</summary>
    public const string Version = "2023-06-01";

    private readonly AuthenticationHeaderValue? _bearer;
    private readonly string? _apiKey;

    /// <param name="key">Printable ASCII.</param>
    public UpstreamCredential(string key, CredentialStyle style)
    {
        if (style == CredentialStyle.Bearer)
            _bearer = new("Bearer", key);
        else
            _apiKey = key;
    }

    public void Put(HttpRequestHeaders headers)
    {
        headers.Authorization = _bearer;
        if (_apiKey is null)
            return;
        headers.TryAddWithoutValidation(ApiKeyHeader, _apiKey);
        if (!headers.Contains(VersionHeader))
            headers.TryAddWithoutValidation(VersionHeader, Version);
    }
}
