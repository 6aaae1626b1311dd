using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using Platform.Control.Secrets;

namespace Platform.Control.Identity;

/// <summary>
/// The authority's keys, the same in every instance and after every restart: kept in the database, sealed with the
/// master key. <see cref="LoadAsync"/> runs before anything listens, and makes them where there are none.
/// </summary>
internal sealed class SigningKeys(Database database, ConfigWriter writer, MasterKey master, PlatformSecrets secrets)
{
    private const int RsaBits = 2048;

    private List<RsaSecurityKey> _signing = [];
    private List<SymmetricSecurityKey> _encryption = [];

    /// <summary>Newest first: the first one signs, all of them verify.</summary>
    public IReadOnlyList<RsaSecurityKey> Verifying => _signing is [] ? throw NotLoaded() : _signing;

    /// <summary>Newest first: the first one encrypts codes and refresh tokens, all of them decrypt.</summary>
    public IReadOnlyList<SymmetricSecurityKey> Encryption => _encryption is [] ? throw NotLoaded() : _encryption;

    public async Task LoadAsync(CancellationToken ct)
    {
        var rows = await ReadAsync(ct);
        if (rows.Count == 0)
        {
            await CreateAsync(ct);
            rows = await ReadAsync(ct);
        }
        _signing = [.. rows.Where(r => r.Use == SigningKeyRow.Signing).Select(OpenSigning)];
        _encryption = [.. rows.Where(r => r.Use == SigningKeyRow.Encryption).Select(OpenEncryption)];
    }

    private Task<List<SigningKeyRow>> ReadAsync(CancellationToken ct) => database.InPlatformAsync(
        (db, token) => db.SigningKeys.AsNoTracking().OrderByDescending(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(token), ct);

    /// <summary>The config revision's row lock lets one of several starting instances make them. Agents get them with
    /// peppers, sealed for their groups: so those are made too.</summary>
    private Task<Written<bool>> CreateAsync(CancellationToken ct) => writer.InPlatformAsync<bool>(
        TenantId.Platform,
        new(Actor.System("control")),
        async (write, token) =>
        {
            if (await write.Db.SigningKeys.AnyAsync(token))
                return false;
            await secrets.EnsureAsync(write.Db, write.Now, token);
            using var rsa = RSA.Create(RsaBits);
            var signing = new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false)) { KeyId = NewId() };
            Add(write, SigningKeyRow.Signing, signing.KeyId, rsa.ExportPkcs8PrivateKey(), signing);
            Add(write, SigningKeyRow.Encryption, NewId(), RandomNumberGenerator.GetBytes(32), null);
            write.Affects(Affected.Platform);
            write.Audit("signing-key.create", signing.KeyId);
            return true;
        },
        ct);

    private void Add(ConfigWrite write, string use, string id, byte[] secret, RsaSecurityKey? publicKey)
    {
        write.Db.SigningKeys.Add(new()
        {
            Id = id,
            Use = use,
            Sealed = master.Seal(secret, SigningKeyRow.ContextOf(use, id)),
            PublicKey = publicKey is null ? null : PublicJwk.Of(publicKey),
            CreatedAt = write.Now,
        });
        CryptographicOperations.ZeroMemory(secret);
    }

    private RsaSecurityKey OpenSigning(SigningKeyRow row)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Open(row), out _);
        return new(rsa) { KeyId = row.Id };
    }

    private SymmetricSecurityKey OpenEncryption(SigningKeyRow row) => new(Open(row)) { KeyId = row.Id };

    private byte[] Open(SigningKeyRow row)
    {
        try
        {
            return master.Open(row.Sealed, SigningKeyRow.ContextOf(row.Use, row.Id));
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException("The signing keys in the database are sealed with another master key; mend Secrets:MasterKeyFile.", e);
        }
    }

    private static string NewId() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(12));

    private static InvalidOperationException NotLoaded() => new("The signing keys are not loaded.");
}
