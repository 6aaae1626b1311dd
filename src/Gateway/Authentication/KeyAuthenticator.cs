using System.Security.Cryptography;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Authentication;

/// <summary>
/// Finds the caller of a request by its API key (<c>Authorization: Bearer sk-...</c>, RFC 6750). A key that does not
/// exist costs the same HMAC as one that does, so that the time tells nothing about prefixes.
/// </summary>
internal sealed class KeyAuthenticator(CurrentSnapshot current, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    private static readonly byte[] NoPepper = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] NoHash = RandomNumberGenerator.GetBytes(32);

    public Result<Caller> Authenticate(HttpRequest request)
    {
        if (current.Value is not { } snapshot)
            return ApiErrors.NotReady;
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return ApiErrors.KeyMissing;
        var key = header[Scheme.Length..].Trim();
        if (key.Length == 0)
            return ApiErrors.KeyMissing;
        if (!ApiKeyFormat.TryGetPrefix(key, out var prefix))
            return ApiErrors.KeyInvalid(key);
        return Find(snapshot, prefix, key) is { } caller
            ? caller.Tenant.Suspended ? ApiErrors.TenantSuspended : caller
            : ApiErrors.KeyInvalid(key);
    }

    private Caller? Find(Snapshot snapshot, ApiKeyPrefix prefix, string key)
    {
        var record = snapshot.Keys.Find(prefix);
        var pepper = record is null ? null : snapshot.Platform.Peppers.GetValueOrDefault(record.Entry.PepperId);
        var hash = ApiKeyFormat.Hash(key, pepper ?? NoPepper);
        var equal = CryptographicOperations.FixedTimeEquals(hash, record?.Entry.Hash ?? NoHash);
        if (!equal || record is null || pepper is null || record.Entry.ExpiresAt <= time.GetUtcNow())
            return null;
        return snapshot.Tenants.TryGetValue(record.TenantId, out var tenant)
            ? new(snapshot, tenant, record.Entry.ProjectId, record.Entry.Id)
            : null;
    }
}
