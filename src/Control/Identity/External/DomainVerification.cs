using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Tenants;

namespace Platform.Control.Identity.External;

/// <summary>Marks a provider's domain as verified: of all providers of all tenants, one at a time has it.</summary>
internal sealed class DomainVerification(Database database, ConfigWriter writer, DomainProof proof, ProviderAnswers answers)
{
    /// <summary>By what the domain itself shows.</summary>
    public async Task<Written<IdentityProviderAnswer>> ProveAsync(TenantId tenant, Guid id, WriteCall call, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenant, (db, token) => db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(p => p.TenantId == tenant && p.Id == id, token), ct);
        if (row is null)
            return new() { Failure = Failure.NotFound(ProviderEndpoints.Thing) };
        if (!await proof.HoldsAsync(row.Domain, row.VerificationToken, ct))
        {
            return new()
            {
                Failure = new(StatusCodes.Status422UnprocessableEntity, ProblemCodes.DomainUnproved, $"{DomainProof.AddressOf(row.Domain)} does not show the verification token."),
            };
        }
        return await MarkAsync(tenant, id, row.VerificationToken, call, "identity-provider.verify-domain", ct);
    }

    /// <summary>By an operator's word.</summary>
    public Task<Written<IdentityProviderAnswer>> ConfirmAsync(TenantId tenant, Guid id, WriteCall call, CancellationToken ct) =>
        MarkAsync(tenant, id, null, call, "identity-provider.confirm-domain", ct);

    /// <param name="proved">The token that was shown, which a change of the domain meanwhile replaces; null for any.</param>
    private Task<Written<IdentityProviderAnswer>> MarkAsync(TenantId tenant, Guid id, string? proved, WriteCall call, string action, CancellationToken ct) =>
        writer.UnheardInPlatformAsync<IdentityProviderAnswer>(
            tenant,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenant, token) is null
                    || await write.Db.IdentityProviders.SingleOrDefaultAsync(p => p.TenantId == tenant && p.Id == id, token) is not { } row)
                    return Failure.NotFound(ProviderEndpoints.Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (proved is not null && proved != row.VerificationToken)
                    return Failure.Stale;
                if (row.DomainVerifiedAt is not null)
                    return answers.Of(row);
                return await IsTakenAsync(write.Db, row, token)
                    ? Failure.Conflict(ProblemCodes.DomainTaken, "The domain is verified for another identity provider.")
                    : Mark(write, row, action);
            },
            ct);

    private IdentityProviderAnswer Mark(ConfigWrite write, IdentityProviderRow row, string action)
    {
        var before = answers.Of(row);
        row.DomainVerifiedAt = write.Now;
        row.Version++;
        var after = answers.Of(row);
        write.Audit(action, row.Id.ToString(), before, after);
        return after;
    }

    /// <summary>Two that verify one domain at once come one after the other.</summary>
    private static async Task<bool> IsTakenAsync(ControlDb db, IdentityProviderRow row, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended('identity-provider-domain ' || {row.Domain}, 0))", ct);
        return await db.IdentityProviders.AnyAsync(p => p.Domain == row.Domain && p.DomainVerifiedAt != null && (p.TenantId != row.TenantId || p.Id != row.Id), ct);
    }
}
