using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using static Platform.Control.ApiKeys.ApiKeyEndpoints;

namespace Platform.Control.ApiKeys;

internal static class ApiKeyWrites
{
    private static readonly Failure NoPepper = new(
        StatusCodes.Status503ServiceUnavailable, ProblemCodes.DependencyDown, "The platform has no pepper yet; the operator must run bootstrap.");

    private static readonly Failure IsRevoked = Failure.Conflict(ProblemCodes.KeyRevoked, "The key is revoked for good: make another one.");

    /// <summary>The first answer is the only place where the key's text ever appears.</summary>
    public static async Task<WriteAnswer<CreatedApiKeyAnswer, Creates>> CreateAsync(
        TenantId tenantId, CreateApiKeyRequest request, WriteCall call, ConfigWriter writer, ApiKeySecrets secrets, CancellationToken ct)
    {
        var written = await writer.InTenantAsync<CreatedApiKeyAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                var faults = await ApiKeyRules.CheckAsync(write, tenantId, request.ProjectId, request.ExpiresAt, request.AllowedModels, [], token);
                if (faults.Any)
                    return faults.ToFailure();
                if (await secrets.MakeAsync(write.Db, token) is not { } secret)
                    return NoPepper;
                var row = Row(tenantId, request, secret, write, await ShardAsync(write.Db, tenantId, token));
                write.Db.ApiKeys.Add(row);
                Changed(write, "api-key.create", row, null);
                return new CreatedApiKeyAnswer(Answer(row), secret.Text);
            },
            ct);
        return written.ToCreated(k => $"/api/v1/tenants/{tenantId}/api-keys/{k.ApiKey.Id}");
    }

    public static async Task<WriteAnswer<ApiKeyAnswer, Changes>> UpdateAsync(
        TenantId tenantId, ApiKeyId id, UpdateApiKeyRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await ChangeAsync<ApiKeyAnswer>(tenantId, id, call, writer, async (write, row, token) =>
        {
            var end = request.ExpiresAt == row.ExpiresAt ? null : request.ExpiresAt;
            var faults = await ApiKeyRules.CheckAsync(write, tenantId, null, end, request.AllowedModels, row.AllowedModels ?? [], token);
            if (faults.Any)
                return faults.ToFailure();
            var before = Answer(row);
            (row.Name, row.ExpiresAt) = (request.Name, request.ExpiresAt?.ToUniversalTime());
            (row.AllowedModels, row.IpRanges, row.CacheSeconds) = (request.AllowedModels?.ToArray(), request.IpRanges?.ToArray(), request.CacheSeconds);
            Changed(write, "api-key.update", row, before);
            return Answer(row);
        }, ct);
        return written.ToChanged();
    }

    /// <summary>A new secret; what the key is and may do stays, and so does its usage.</summary>
    public static async Task<WriteAnswer<CreatedApiKeyAnswer, Changes>> RotateAsync(
        TenantId tenantId, ApiKeyId id, RotateApiKeyRequest request, WriteCall call, ConfigWriter writer, ApiKeySecrets secrets, CancellationToken ct)
    {
        var written = await ChangeAsync<CreatedApiKeyAnswer>(tenantId, id, call, writer, async (write, row, token) =>
        {
            if (await secrets.MakeAsync(write.Db, token) is not { } secret)
                return NoPepper;
            var before = Answer(row);
            secret.Replace(row, write.Now, request.GraceMinutes == 0 ? null : write.Now.AddMinutes(request.GraceMinutes));
            Changed(write, "api-key.rotate", row, before);
            return new CreatedApiKeyAnswer(Answer(row), secret.Text);
        }, ct);
        return written.ToChanged();
    }

    /// <summary>A key that is revoked already stays as it is, and no agent hears of it again.</summary>
    public static async Task<WriteAnswer<ApiKeyAnswer, Changes>> RevokeAsync(
        TenantId tenantId, ApiKeyId id, WriteCall call, Database database, ConfigWriter writer, CancellationToken ct) =>
        (await EndAsync(tenantId, id, call, database, writer, ct)).ToChanged();

    /// <summary>Revokes it: usage names the key, so it stays in the list.</summary>
    public static async Task<WriteAnswer<ApiKeyAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, ApiKeyId id, WriteCall call, Database database, ConfigWriter writer, CancellationToken ct) =>
        (await EndAsync(tenantId, id, call, database, writer, ct)).ToDeleted();

    private static async Task<Written<ApiKeyAnswer>> EndAsync(
        TenantId tenant, ApiKeyId id, WriteCall call, Database database, ConfigWriter writer, CancellationToken ct)
    {
        var known = await database.InTenantAsync(
            tenant, (db, token) => db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.TenantId == tenant && k.Id == id, token), ct);
        if (known is { RevokedAt: not null })
            return new() { Value = Answer(known), Preview = call.DryRun ? [] : null };
        var written = await ChangeAsync<ApiKeyAnswer>(tenant, id, call, writer, (write, row, _) =>
        {
            Revoke(write, row);
            return Task.FromResult<Outcome<ApiKeyAnswer>>(Answer(row));
        }, ct);

        // Somebody else revoked it meanwhile: that is what was asked for.
        return written.Failure == IsRevoked ? await EndAsync(tenant, id, call, database, writer, ct) : written;
    }

    /// <summary>The key and its old secret are dead, and limits of it leave the tenant's document.</summary>
    public static void Revoke(ConfigWrite write, ApiKeyRow row)
    {
        var before = Answer(row);
        row.RevokedAt = write.Now;
        (row.PreviousPrefix, row.PreviousPepperId, row.PreviousHash, row.PreviousExpiresAt) = (null, null, null, null);
        write.Affects(Affected.Tenant(row.TenantId));
        Changed(write, "api-key.revoke", row, before);
    }

    private static Task<Written<T>> ChangeAsync<T>(
        TenantId tenant, ApiKeyId id, WriteCall call, ConfigWriter writer, Func<ConfigWrite, ApiKeyRow, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        writer.InTenantAsync<T>(
            tenant,
            call,
            async (write, token) =>
            {
                if (await write.Db.ApiKeys.SingleOrDefaultAsync(k => k.TenantId == tenant && k.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (row.RevokedAt is not null)
                    return IsRevoked;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                return await change(write, row, token);
            },
            ct);

    private static ApiKeyRow Row(TenantId tenant, CreateApiKeyRequest request, NewSecret secret, ConfigWrite write, int shard) => new()
    {
        TenantId = tenant,
        Id = ApiKeyId.New(),
        ProjectId = request.ProjectId,
        Name = request.Name,
        Prefix = secret.Prefix,
        PepperId = secret.PepperId,
        Hash = secret.Hash,
        Shard = shard,
        CreatedBy = write.Call.Actor.Principal,
        CreatedAt = write.Now,
        ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
        AllowedModels = request.AllowedModels?.ToArray(),
        IpRanges = request.IpRanges?.ToArray(),
        CacheSeconds = request.CacheSeconds,
    };

    /// <summary>The first shard with room: full shards stay as they are, so that a new key rewrites one small document.</summary>
    private static async Task<int> ShardAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var counts = await db.ApiKeys
            .Where(k => k.TenantId == tenant && k.RevokedAt == null)
            .GroupBy(k => k.Shard)
            .Select(g => new { Shard = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Shard, g => g.Count, ct);
        var shard = 0;
        while (counts.GetValueOrDefault(shard) >= KeyShardDocument.MaxKeys)
            shard++;
        return shard;
    }

    private static void Changed(ConfigWrite write, string action, ApiKeyRow row, ApiKeyAnswer? before)
    {
        if (before is not null)
            row.Version++;
        write.Affects(Affected.KeyShard(row.TenantId, row.Shard));
        write.Audit(action, row.Id.ToString(), before, Answer(row));
    }
}
