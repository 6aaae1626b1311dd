using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static Task<Page<ApiKeyAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId, (db, token) => db.ApiKeys.Where(k => k.TenantId == tenantId).ToPageAsync(k => k.Id, page, Answer, token), ct);

    /// <summary>The answer is the only place where the key's text ever appears.</summary>
    public static async Task<WriteAnswer<CreatedApiKeyAnswer, Creates>> CreateAsync(
        TenantId tenantId, CreateApiKeyRequest request, WriteCall call, ConfigWriter writer, Peppers peppers, CancellationToken ct)
    {
        var key = ApiKeyFormat.Generate();
        var written = await writer.InTenantAsync<CreatedApiKeyAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (request.ExpiresAt <= write.Now)
                    return Past();
                if (!await write.Db.Projects.AnyAsync(p => p.TenantId == tenantId && p.Id == request.ProjectId, token))
                    return new Failure(StatusCodes.Status422UnprocessableEntity, ProblemCodes.ProjectUnknown, $"There is no project {request.ProjectId}.");
                if (await peppers.NewestAsync(write.Db, token) is not { } pepper)
                    return new Failure(StatusCodes.Status503ServiceUnavailable, ProblemCodes.DependencyDown, "The platform has no pepper yet; the operator must run bootstrap.");
                ApiKeyFormat.TryGetPrefix(key, out var prefix);
                var row = new ApiKeyRow
                {
                    TenantId = tenantId,
                    Id = ApiKeyId.New(),
                    ProjectId = request.ProjectId,
                    Name = request.Name,
                    Prefix = prefix,
                    PepperId = pepper.Id,
                    Hash = ApiKeyFormat.Hash(key, pepper.Clear),
                    Shard = await ShardAsync(write.Db, tenantId, token),
                    CreatedBy = call.Actor.Principal,
                    CreatedAt = write.Now,
                    ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
                };
                write.Db.ApiKeys.Add(row);
                Changed(write, "api-key.create", row);
                return new CreatedApiKeyAnswer(Answer(row), key);
            },
            ct);
        return written.ToCreated(k => $"/api/v1/tenants/{tenantId}/api-keys/{k.ApiKey.Id}");
    }

    /// <summary>A key that is revoked already stays as it is.</summary>
    public static async Task<Results<Ok<ApiKeyAnswer>, ProblemHttpResult>> RevokeAsync(
        TenantId tenantId, ApiKeyId id, WriteCall call, Database database, ConfigWriter writer, CancellationToken ct)
    {
        var known = await database.InTenantAsync(
            tenantId, (db, token) => db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.TenantId == tenantId && k.Id == id, token), ct);
        if (known is null)
            return new Failure(StatusCodes.Status404NotFound, ProblemCodes.NotFound, "There is no such key.").ToProblem();
        if (known.RevokedAt is not null)
            return TypedResults.Ok(Answer(known));

        var outcome = await writer.InTenantAsync<ApiKeyRow>(
            tenantId,
            call,
            async (write, token) =>
            {
                var row = await write.Db.ApiKeys.SingleAsync(k => k.TenantId == tenantId && k.Id == id, token);
                if (row.RevokedAt is not null)
                    return row;
                row.RevokedAt = write.Now;
                Changed(write, "api-key.revoke", row);
                return row;
            },
            ct);
        return outcome.Failed ? outcome.Failure.ToProblem() : TypedResults.Ok(Answer(outcome.Value));
    }

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

    private static Failure Past()
    {
        var faults = new Faults();
        faults.Add("expiresAt", "The key's end must lie in the future.");
        return faults.ToFailure();
    }

    private static void Changed(ConfigWrite write, string action, ApiKeyRow row)
    {
        write.Affects(Affected.KeyShard(row.TenantId, row.Shard));
        write.Audit(action, row.Id.ToString());
    }

    private static ApiKeyAnswer Answer(ApiKeyRow row) =>
        new(
            row.Id,
            row.Name,
            row.ProjectId,
            row.Prefix,
            row.CreatedAt,
            row.ExpiresAt,
            row.RevokedAt,
            row.AllowedModels,
            row.IpRanges,
            row.LastUsedAt,
            row.RotatedAt,
            row.PreviousExpiresAt,
            row.Version);
}
