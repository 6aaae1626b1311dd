using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.ApiKeys;

/// <summary>Reading keys; revoked ones stay in the list, because usage names them.</summary>
internal static class ApiKeyEndpoints
{
    public const string Thing = "API key";

    private const string Active = "active";
    private const string Revoked = "revoked";
    private const string Expired = "expired";

    private static readonly Sorts<ApiKeyRow> Sorted = new Sorts<ApiKeyRow>().By("name", k => k.Name);

    public static Task<Page<ApiKeyAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] ProjectId? projectId, [FromQuery] string? state, Database database, TimeProvider time, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) =>
            {
                var keys = db.ApiKeys.Where(k => k.TenantId == tenantId);
                if (projectId is { } project)
                    keys = keys.Where(k => k.ProjectId == project);
                return In(keys, state, time.GetUtcNow()).Containing(k => k.Name, page).ToPageAsync(k => k.Id, page, Sorted, Answer, token);
            },
            ct);

    public static async Task<FoundAnswer<ApiKeyAnswer>> GetAsync(TenantId tenantId, ApiKeyId id, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.TenantId == tenantId && k.Id == id, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static ApiKeyAnswer Answer(ApiKeyRow row) => new(
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
        row.Version,
        row.CacheSeconds);

    private static IQueryable<ApiKeyRow> In(IQueryable<ApiKeyRow> keys, string? state, DateTimeOffset now) => state switch
    {
        null => keys,
        Active => keys.Where(k => k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now)),
        Revoked => keys.Where(k => k.RevokedAt != null),
        Expired => keys.Where(k => k.RevokedAt == null && k.ExpiresAt <= now),
        _ => throw new RequestPartException("state", $"must be {Active}, {Revoked} or {Expired}."),
    };
}
