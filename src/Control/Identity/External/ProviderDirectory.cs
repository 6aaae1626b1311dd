using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Control.Identity.External;

/// <summary>
/// What identity providers say of themselves (OpenID Connect Discovery 1.0), by issuer. Bounded; kept for an hour, read
/// again for a key that is not among those known, but at most once a minute. What failed is not asked for again for some
/// seconds, so that nobody makes us call at will.
/// </summary>
internal sealed class ProviderDirectory(ProviderHttp http, ProviderAddresses addresses, TimeProvider time) : IDisposable
{
    private const int MaxProviders = 500;
    private const int MaxDocument = 256 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeptFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeysKept = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MaxProviders });

    /// <summary>Null where it cannot be read or is not acceptable.</summary>
    /// <param name="keyId">A key that has to be among the provider's; null for whatever it has.</param>
    public async Task<ProviderMetadata?> FindAsync(string issuer, string? keyId, CancellationToken ct)
    {
        if (_known.TryGetValue(issuer, out ProviderMetadata? known) && (known is null || keyId is null || known.Keys.Any(k => k.KeyId == keyId) || time.GetUtcNow() - known.ReadAt < KeysKept))
            return known;
        var read = await ReadAsync(issuer, ct);
        _known.Set(issuer, read, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = read is null ? KeptFailure : Kept });
        return read;
    }

    public void Dispose() => _known.Dispose();

    private async Task<ProviderMetadata?> ReadAsync(string issuer, CancellationToken ct)
    {
        var discovery = await http.GetAsync(new(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), MaxDocument, ct);
        if (discovery is null || Parse(discovery, OpenIdConnectConfiguration.Create) is not { } document)
            return null;

        // Section 4.3: the issuer has to be exactly the one that was asked.
        if (document.Issuer != issuer || EndpointOf(document.AuthorizationEndpoint) is not { } authorization
            || EndpointOf(document.TokenEndpoint) is not { } token || EndpointOf(document.JwksUri) is not { } keys)
            return null;
        var set = await http.GetAsync(keys, MaxDocument, ct);
        if (set is null || Parse(set, JsonWebKeySet.Create) is not { } parsed)
            return null;
        var methods = document.TokenEndpointAuthMethodsSupported;
        return new(authorization, token, methods.Count == 0 || methods.Contains("client_secret_basic"), [.. parsed.GetSigningKeys()], time.GetUtcNow());
    }

    private Uri? EndpointOf(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && addresses.IsAllowed(address) ? address : null;

    private static T? Parse<T>(byte[] json, Func<string, T> parse)
        where T : class
    {
        try
        {
            return parse(Encoding.UTF8.GetString(json));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

/// <param name="TakesBasic">The token endpoint takes the client's secret in the Authorization header (RFC 6749, section 2.3.1).</param>
internal sealed record ProviderMetadata(Uri Authorization, Uri Token, bool TakesBasic, IReadOnlyList<SecurityKey> Keys, DateTimeOffset ReadAt);
