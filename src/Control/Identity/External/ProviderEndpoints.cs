using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Members;
using Platform.Control.Tenants;

namespace Platform.Control.Identity.External;

internal static class ProviderEndpoints
{
    public const string Thing = "identity provider";

    private const int Most = 20;

    private static readonly Failure SignedInByIt = Failure.Conflict(
        ProblemCodes.SignedInByProvider, "You are signed in by this provider, and the change would end that: sign in in another way first.");

    private static readonly Failure VersionNeeded = new(
        StatusCodes.Status428PreconditionRequired, ProblemCodes.ValidationFailed, "If-Match must name the version whose domain you confirm.");

    private static readonly Sorts<IdentityProviderRow> Sorted = new Sorts<IdentityProviderRow>().By("name", p => p.Name);

    public static Task<Page<IdentityProviderAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, Database database, ProviderAnswers answers, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => db.IdentityProviders.Where(p => p.TenantId == tenantId).Containing(p => p.Name, page).ToPageAsync(p => p.Id, page, Sorted, answers.Of, token),
            ct);

    public static async Task<FoundAnswer<IdentityProviderAnswer>> GetAsync(TenantId tenantId, Guid id, Database database, ProviderAnswers answers, CancellationToken ct)
    {
        var row = await database.InTenantAsync(tenantId, (db, token) => Of(db, tenantId, id).AsNoTracking().SingleOrDefaultAsync(token), ct);
        return new(row is null ? null : answers.Of(row), Thing);
    }

    public static async Task<WriteAnswer<IdentityProviderAnswer, Creates>> CreateAsync(
        TenantId tenantId, IdentityProviderRequest request, WriteCall call, ConfigWriter writer, ProviderWrites writes, CancellationToken ct)
    {
        var written = await writer.UnheardInTenantAsync<IdentityProviderAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await write.Db.IdentityProviders.CountAsync(p => p.TenantId == tenantId, token) >= Most)
                    return Failure.Conflict(ProblemCodes.TooManyProviders, $"A tenant has at most {Most} identity providers.");
                var row = new IdentityProviderRow
                {
                    TenantId = tenantId,
                    Id = Guid.CreateVersion7(write.Now),
                    Name = request.Name,
                    Issuer = request.Issuer,
                    ClientId = request.ClientId,
                    Domain = request.Domain,
                    VerificationToken = NewToken(),
                    GroupsClaim = request.GroupsClaim,
                    CreatedAt = write.Now,
                };
                if (writes.FaultOf(request) is { } fault)
                    return fault;
                var answer = writes.Fill(row, request);
                write.Db.IdentityProviders.Add(row);
                write.Audit("identity-provider.create", row.Id.ToString(), null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(p => $"/api/v1/tenants/{tenantId}/identity-providers/{p.Id}");
    }

    /// <summary>
    /// Another issuer, client or domain is another voice: the domain has to be verified anew, a secret that is not given
    /// again is dropped rather than sent elsewhere, and what people got by the old one ends.
    /// </summary>
    public static async Task<WriteAnswer<IdentityProviderAnswer, Changes>> UpdateAsync(
        TenantId tenantId, Guid id, IdentityProviderRequest request, WriteCall call, ConfigWriter writer, ProviderWrites writes, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<IdentityProviderAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null || await Of(write.Db, tenantId, id).SingleOrDefaultAsync(token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (writes.FaultOf(request) is { } fault)
                    return fault;
                var before = writes.Answers.Of(row);
                var speaksAnew = row.Issuer != request.Issuer || row.ClientId != request.ClientId || row.Domain != request.Domain;
                var ends = speaksAnew || (row.Enabled && !request.Enabled);
                if (ends && call.Caller?.Provider?.Id == id)
                    return SignedInByIt;
                if (speaksAnew)
                    (row.VerificationToken, row.DomainVerifiedAt, row.SealedSecret) = (row.Domain == request.Domain ? row.VerificationToken : NewToken(), null, null);
                row.Version++;
                var after = writes.Fill(row, request);
                if (ends)
                    await ProviderSessions.EndAsync(write.Db, id, forgetsPeople: speaksAnew, token);
                write.Audit("identity-provider.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>What its groups gave ends with it: nobody else would say who has left.</summary>
    public static async Task<WriteAnswer<IdentityProviderAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, Guid id, WriteCall call, ConfigWriter writer, ProviderWrites writes, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<IdentityProviderAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null || await Of(write.Db, tenantId, id).SingleOrDefaultAsync(token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (call.Caller?.Provider?.Id == id)
                    return SignedInByIt;
                var before = writes.Answers.Of(row);
                foreach (var member in await write.Db.Memberships.Where(m => m.TenantId == tenantId && m.IdentityProviderId == id).ToListAsync(token))
                {
                    write.Db.Memberships.Remove(member);
                    write.Audit("member.remove", member.Principal, new { member.Role, member.Email }, null);
                    await Inviters.RevokeAsync(write, tenantId, member.Principal, null, token);
                }
                write.Db.IdentityProviders.Remove(row);
                await ProviderSessions.EndAsync(write.Db, id, forgetsPeople: true, token);
                write.Audit("identity-provider.delete", id.ToString(), before, null);
                return before;
            },
            ct);
        return written.ToDeleted();
    }

    public static async Task<WriteAnswer<IdentityProviderAnswer, Changes>> VerifyAsync(
        TenantId tenantId, Guid id, WriteCall call, DomainVerification domains, DomainProofLimit limit, CancellationToken ct) =>
        (limit.Refusal(tenantId) is { } refusal ? new Written<IdentityProviderAnswer> { Failure = refusal } : await domains.ProveAsync(tenantId, id, call, ct)).ToChanged();

    /// <summary>The version that the operator looked at has to be named: the domain may have become another one since.</summary>
    public static async Task<WriteAnswer<IdentityProviderAnswer, Changes>> ConfirmAsync(
        TenantId tenantId, Guid id, WriteCall call, DomainVerification domains, CancellationToken ct) =>
        (call.ExpectedVersion is null ? new Written<IdentityProviderAnswer> { Failure = VersionNeeded } : await domains.ConfirmAsync(tenantId, id, call, ct)).ToChanged();

    private static IQueryable<IdentityProviderRow> Of(ControlDb db, TenantId tenant, Guid id) =>
        db.IdentityProviders.Where(p => p.TenantId == tenant && p.Id == id);

    private static string NewToken() => "platform-domain-" + Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(24));
}
