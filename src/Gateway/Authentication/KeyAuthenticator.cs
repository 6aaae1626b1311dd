using System.Security.Cryptography;
using Platform.Contracts.Ids;
using Platform.Gateway.ClientCertificates;
using Platform.Gateway.Configuration;
using Platform.Gateway.Cors;
using Platform.Gateway.Errors;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Authentication;

/// <summary>
/// Finds the caller of a request by its API key (<c>Authorization: Bearer sk-...</c>, RFC 6750, or <c>x-api-key</c>, as Anthropic's clients send it). A key that does not
/// exist costs the same HMAC as one that does, so that the time tells nothing about prefixes.
/// </summary>
internal sealed class KeyAuthenticator(
    CurrentSnapshot current, ClientAddresses addresses, CallerCertificates certificates, ControlContact control, TimeProvider time)
{
    private const string Scheme = "Bearer ";
    private const string AnthropicHeader = "x-api-key";

    private static readonly byte[] NoPepper = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] NoHash = RandomNumberGenerator.GetBytes(32);

    /// <summary>The caller, which is a feature of the request from then on.</summary>
    public Result<Caller> Authenticate(HttpRequest request)
    {
        if (current.Value is not { } snapshot)
            return ApiErrors.NotReady;
        var key = KeyOf(request.Headers);
        if (key.Length == 0)
            return ApiErrors.KeyMissing;
        if (!ApiKeyFormat.TryGetPrefix(key, out var prefix))
            return ApiErrors.KeyInvalid(key);
        if (Find(snapshot, prefix, key) is not { } caller)
            return ApiErrors.KeyInvalid(key);
        CorsAnswer.Tell(request.HttpContext, caller.Tenant);
        if (Refusal(caller, request.HttpContext) is { } refusal)
            return refusal;
        request.HttpContext.Features.Set(caller);
        return caller;
    }

    /// <summary>Empty where there is none, or where it is not clear which: two headers that differ are no key.</summary>
    private static string KeyOf(IHeaderDictionary headers)
    {
        var header = headers.Authorization.ToString();
        var bearer = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        var own = headers[AnthropicHeader].ToString().Trim();
        return own.Length == 0 || own == bearer ? bearer : bearer.Length == 0 ? own : "";
    }

    /// <summary>Why a caller that is known is not served; the address first, so that a stolen key tells nothing elsewhere.</summary>
    private ApiError? Refusal(Caller caller, HttpContext context)
    {
        if (!MayCallFrom(caller, context))
            return ApiErrors.IpNotAllowed;
        if (caller.Tenant.Isolation.ClientAuthorities is { } authorities && certificates.Refusal(context, authorities) is { } refusal)
            return refusal;
        if (caller.Tenant.Suspended)
            return ApiErrors.TenantSuspended;
        return caller.Tenant.Isolation.MaxTimeWithoutControl is { } longest && control.Silence > longest ? ApiErrors.ControlUnheard : null;
    }

    private bool MayCallFrom(Caller caller, HttpContext context)
    {
        var (ofKey, ofTenant) = (caller.Key.Networks, caller.Tenant.Isolation.Networks);
        if (ofKey is null && ofTenant is null)
            return true;
        return addresses.Of(context) is { } address
            && (ofKey is null || IpRange.Contains(ofKey, address)) && (ofTenant is null || IpRange.Contains(ofTenant, address));
    }

    /// <summary>One that keys have, so that nothing needs to be made for it that others find made.</summary>
    private static byte[] AnyPepper(Snapshot snapshot) => snapshot.Platform.Peppers.Values is [var first, ..] ? first : NoPepper;

    private Caller? Find(Snapshot snapshot, ApiKeyPrefix prefix, string key)
    {
        var record = snapshot.Keys.Find(prefix);
        var pepper = record is null ? null : snapshot.Platform.Peppers.GetValueOrDefault(record.Entry.PepperId);
        Span<byte> hash = stackalloc byte[KeyHasher.Size];
        KeyHasher.Hash(key, pepper ?? AnyPepper(snapshot), hash);
        var equal = CryptographicOperations.FixedTimeEquals(hash, record?.Entry.Hash ?? NoHash);
        if (!equal || record is null || pepper is null || record.Entry.ExpiresAt <= time.GetUtcNow())
            return null;
        return snapshot.Tenants.TryGetValue(record.TenantId, out var tenant)
            ? new(snapshot, tenant, record)
            : null;
    }
}
