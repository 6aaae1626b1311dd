using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Certificates;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.Pools;

/// <summary>What agents show to a pool's endpoints by TLS: written and never read, but by the agents that show it.</summary>
internal static class ClientCertificates
{
    private const string Thing = "client certificate";

    public static async Task<FoundAnswer<ClientCertificateAnswer>> GetAsync(TenantId tenantId, PoolId poolId, Database database, CancellationToken ct)
    {
        var pool = await database.InTenantAsync(
            tenantId,
            (db, token) => WithCertificate(PoolRows.Live(db, tenantId)).AsNoTracking().SingleOrDefaultAsync(p => p.Id == poolId, token),
            ct);
        return pool?.ClientCertificate is { } row ? new(Answer(row, pool.Version), Thing) : new(null, pool is null ? PoolRows.Thing : Thing);
    }

    /// <summary>Sets the certificate; one that was there is replaced, and agents have the new one within a moment.</summary>
    public static async Task<WriteAnswer<ClientCertificateAnswer, Changes>> SetAsync(
        TenantId tenantId, PoolId poolId, ClientCertificateRequest request, WriteCall call, ConfigWriter writer, MasterKey master, CancellationToken ct)
    {
        var written = await writer.ChangePoolAsync<ClientCertificateAnswer>(tenantId, poolId, call, WithCertificate, async (write, pool, token) =>
        {
            var faults = new Faults();
            var read = ClientCertificate.Read(request, "", write.Now, faults);
            await PoolRules.CheckTlsAsync(write.Db, pool, "certificate", faults, token);
            if (faults.Any || read is not { } certificate)
                return faults.ToFailure();
            write.Changed(pool);
            return Put(write, pool, certificate, master);
        }, ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<ClientCertificateAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, PoolId poolId, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.ChangePoolAsync<ClientCertificateAnswer>(tenantId, poolId, call, WithCertificate, (write, pool, _) =>
        {
            if (pool.ClientCertificate is not { } row)
                return Task.FromResult<Outcome<ClientCertificateAnswer>>(Failure.NotFound(Thing));
            var before = Answer(row, pool.Version);
            pool.ClientCertificate = null;
            write.Changed(pool);
            write.Audit("client-certificate.delete", poolId.ToString(), before, null);
            return Task.FromResult<Outcome<ClientCertificateAnswer>>(before);
        }, ct);
        return written.ToDeleted();
    }

    /// <summary>
    /// A certificate is shown to the addresses only that it was set for, as <see cref="ProviderKeys.CheckAddressAsync"/> has
    /// it of keys: what an endpoint answers to its holder is not for whoever may change endpoints.
    /// </summary>
    /// <param name="request">The certificate anew.</param>
    /// <returns>The certificate anew as it was read; null where there is none, or a fault with it.</returns>
    public static async Task<ClientCertificate?> CheckAddressAsync(
        ConfigWrite write, PoolRow pool, CheckedAddresses addresses, ClientCertificateRequest? request, Faults faults, CancellationToken ct)
    {
        if (request is not null)
            return ClientCertificate.Read(request, "clientCertificate.", write.Now, faults);
        if (pool.ClientCertificate is null || addresses.Addresses is not [{ Url: { } url }]
            || await EndpointReads.Live(write.Db, pool.TenantId, pool.Id).AnyAsync(e => e.Url == url, ct))
            return null;
        faults.Add(
            "clientCertificate",
            "The pool's client certificate was not set for this address: give it anew, here, or delete it first.",
            ProblemCodes.ClientCertificateNeeded);
        return null;
    }

    /// <summary>Replaces the certificate of a pool that was changed with it; null leaves it as it is.</summary>
    public static void Renew(ConfigWrite write, PoolRow pool, ClientCertificate? certificate, MasterKey master)
    {
        if (certificate is not null)
            Put(write, pool, certificate, master);
    }

    private static IQueryable<PoolRow> WithCertificate(IQueryable<PoolRow> pools) => pools.Include(p => p.ClientCertificate);

    /// <summary>The pool is a new version already.</summary>
    private static ClientCertificateAnswer Put(ConfigWrite write, PoolRow pool, ClientCertificate certificate, MasterKey master)
    {
        var before = pool.ClientCertificate is { } old ? Answer(old, pool.Version - 1) : null;
        var bytes = master.Seal(certificate.Pem, ClientCertificateRow.ContextOf(pool.TenantId, pool.Id));
        if (pool.ClientCertificate is { } row)
        {
            (row.Sealed, row.Subject, row.Thumbprint) = (bytes, certificate.Subject, certificate.Thumbprint);
            (row.ExpiresAt, row.RotatedAt) = (certificate.ExpiresAt, write.Now);
        }
        else
        {
            row = pool.ClientCertificate = new()
            {
                TenantId = pool.TenantId,
                PoolId = pool.Id,
                Sealed = bytes,
                Subject = certificate.Subject,
                Thumbprint = certificate.Thumbprint,
                ExpiresAt = certificate.ExpiresAt,
                CreatedAt = write.Now,
            };
        }
        var after = Answer(row, pool.Version);
        write.Audit("client-certificate.update", pool.Id.ToString(), before, after);
        return after;
    }

    private static ClientCertificateAnswer Answer(ClientCertificateRow row, long version) =>
        new(row.Subject, row.Thumbprint, row.ExpiresAt, row.CreatedAt, row.RotatedAt, version);
}
