using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Members;
using Platform.Control.Tenants;

namespace Platform.Control.Identity.Clients;

internal static class ServiceClientEndpoints
{
    private const string Thing = "service client";

    private static readonly Failure NotAnyMore = new(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "You may not write service clients any more.");
    private const int SecretBytes = 32;

    private static readonly Failure Elsewhere = Failure.Conflict(
        ProblemCodes.AuthorityElsewhere, "The API takes tokens of another authority (Identity:Authority): programs get their secrets there.");

    private static readonly Sorts<ClientInRole> Sorted = new Sorts<ClientInRole>().By("name", c => c.Client.Name);

    public static Task<Page<ServiceClientAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => Of(db, tenantId).Containing(c => c.Client.Name, page).ToPageAsync(c => c.Client.Id, page, Sorted, c => Answer(c.Client, c.Role), token),
            ct);

    public static async Task<FoundAnswer<ServiceClientAnswer>> GetAsync(TenantId tenantId, Guid id, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => Of(db, tenantId).AsNoTracking().SingleOrDefaultAsync(c => c.Client.Id == id, token), ct);
        return new(row is null ? null : Answer(row.Client, row.Role), Thing);
    }

    /// <summary>The answer is the only place where the secret ever appears.</summary>
    public static async Task<WriteAnswer<ServiceClientSecretAnswer, Creates>> CreateAsync(
        TenantId tenantId, ServiceClientRequest request, WriteCall call, ConfigWriter writer, OAuthClients clients, IdentitySettings settings, CancellationToken ct)
    {
        if (settings.Authority is not null)
            return new Written<ServiceClientSecretAnswer> { Failure = Elsewhere }.ToCreated(_ => "");
        var secret = NewSecret();
        var written = await writer.UnheardInPlatformAsync<ServiceClientSecretAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null)
                    return Failure.NotFound(TenantRows.Thing);
                if (!await MayStillAsync(write, tenantId, token))
                    return NotAnyMore;
                var row = new ServiceClientRow
                {
                    TenantId = tenantId,
                    Id = Guid.CreateVersion7(write.Now),
                    ClientId = $"client-{Guid.NewGuid():N}",
                    Name = request.Name,
                    Scopes = [.. request.Scopes],
                    CreatedBy = call.Actor.Principal,
                    CreatedAt = write.Now,
                };
                write.Db.ServiceClients.Add(row);
                write.Db.Memberships.Add(new() { TenantId = tenantId, Principal = row.ClientId, Role = request.Role, CreatedAt = write.Now });
                await write.Db.SaveChangesAsync(token);
                await clients.CreateAsync(write.Db, AccessOf(row), secret, token);
                var answer = Answer(row, request.Role);
                write.Audit("service-client.create", row.Id.ToString(), null, answer);
                return new ServiceClientSecretAnswer(answer, secret);
            },
            ct);
        return written.ToCreated(c => $"/api/v1/tenants/{tenantId}/service-clients/{c.Client.Id}");
    }

    /// <summary>The role counts at once; a token keeps the scopes that it was made with until it ends.</summary>
    public static async Task<WriteAnswer<ServiceClientAnswer, Changes>> UpdateAsync(
        TenantId tenantId, Guid id, ServiceClientRequest request, WriteCall call, ConfigWriter writer, OAuthClients clients, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<ServiceClientAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null || await FindAsync(write.Db, tenantId, id, token) is not var (row, membership))
                    return Failure.NotFound(Thing);
                if (!await MayStillAsync(write, tenantId, token))
                    return NotAnyMore;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Answer(row, membership?.Role);
                (row.Name, row.Scopes) = (request.Name, [.. request.Scopes]);
                row.Version++;
                if (membership is null)
                    write.Db.Memberships.Add(new() { TenantId = tenantId, Principal = row.ClientId, Role = request.Role, CreatedAt = write.Now });
                else if (membership.Role != request.Role)
                    (membership.Role, membership.Version) = (request.Role, membership.Version + 1);
                await Inviters.RevokeAsync(write, tenantId, row.ClientId, request.Role, token);
                await write.Db.SaveChangesAsync(token);
                await clients.UpdateAsync(write.Db, AccessOf(row), secret: null, token);
                var after = Answer(row, request.Role);
                write.Audit("service-client.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<ServiceClientSecretAnswer, Changes>> RotateAsync(
        TenantId tenantId, Guid id, WriteCall call, ConfigWriter writer, OAuthClients clients, IdentitySettings settings, CancellationToken ct)
    {
        if (settings.Authority is not null)
            return new Written<ServiceClientSecretAnswer> { Failure = Elsewhere }.ToChanged();
        var secret = NewSecret();
        var written = await writer.UnheardInPlatformAsync<ServiceClientSecretAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null || await FindAsync(write.Db, tenantId, id, token) is not var (row, membership))
                    return Failure.NotFound(Thing);
                if (!await MayStillAsync(write, tenantId, token))
                    return NotAnyMore;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Answer(row, membership?.Role);
                row.RotatedAt = write.Now;
                row.Version++;
                await write.Db.SaveChangesAsync(token);
                await clients.UpdateAsync(write.Db, AccessOf(row), secret, token);
                var after = Answer(row, membership?.Role);
                write.Audit("service-client.rotate", id.ToString(), before, after);
                return new ServiceClientSecretAnswer(after, secret);
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>A token that it still holds has no right any more, because the membership is gone.</summary>
    public static async Task<WriteAnswer<ServiceClientAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<ServiceClientAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenantId, token) is null || await FindAsync(write.Db, tenantId, id, token) is not var (row, membership))
                    return Failure.NotFound(Thing);
                if (!await MayStillAsync(write, tenantId, token))
                    return NotAnyMore;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Answer(row, membership?.Role);
                row.DeletedAt = write.Now;
                row.Version++;
                if (membership is not null)
                    write.Db.Memberships.Remove(membership);
                await Inviters.RevokeAsync(write, tenantId, row.ClientId, null, token);
                await write.Db.SaveChangesAsync(token);
                await OAuthClients.DeleteAsync(write.Db, row.ClientId, token);
                write.Audit("service-client.delete", id.ToString(), before, null);
                return before;
            },
            ct);
        return written.ToDeleted();
    }

    private static string NewSecret() => "cs-" + Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(SecretBytes));

    private static ServiceClientAccess AccessOf(ServiceClientRow row) => new(row.ClientId, row.Name, row.Scopes);

    private static IQueryable<ClientInRole> Of(ControlDb db, TenantId tenant) =>
        from client in db.ServiceClients
        join membership in db.Memberships
            on new { client.TenantId, Principal = client.ClientId } equals new { membership.TenantId, membership.Principal } into memberships
        from member in memberships.DefaultIfEmpty()
        where client.TenantId == tenant && client.DeletedAt == null
        select new ClientInRole { Client = client, Role = member == null ? null : member.Role };

    private static async Task<(ServiceClientRow Row, MembershipRow? Membership)?> FindAsync(ControlDb db, TenantId tenant, Guid id, CancellationToken ct)
    {
        if (await db.ServiceClients.SingleOrDefaultAsync(c => c.TenantId == tenant && c.Id == id && c.DeletedAt == null, ct) is not { } row)
            return null;
        return (row, await db.Memberships.SingleOrDefaultAsync(m => m.TenantId == tenant && m.Principal == row.ClientId, ct));
    }

    /// <summary>What a program may do outlives the call: whoever makes it is looked at again, under the lock that members change by.</summary>
    private static Task<bool> MayStillAsync(ConfigWrite write, TenantId tenant, CancellationToken ct) => write.Call.Caller is { } caller
        ? write.Db.Memberships.CountingFor(caller.Subject, caller.Provider).AnyAsync(m => m.TenantId == tenant && Rights.ClientsWrite.Holders.Contains(m.Role), ct)
        : Task.FromResult(true);

    private static ServiceClientAnswer Answer(ServiceClientRow row, string? role) =>
        new(row.Id, row.ClientId, row.Name, role, row.Scopes, row.CreatedBy, row.CreatedAt, row.RotatedAt, row.Version);

    private sealed class ClientInRole
    {
        public required ServiceClientRow Client { get; init; }

        public string? Role { get; init; }
    }
}
