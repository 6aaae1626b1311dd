using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Limits;

/// <summary>Quotas by both doors: a tenant changes its own and reads all, operators have their ceilings.</summary>
internal static class QuotaEndpoints
{
    /// <summary>For each tenant, and for the operator in each: agents hold them all.</summary>
    public const int Max = 500;

    private const string Thing = "quota";

    private static readonly Sorts<QuotaRow> Sorted = new Sorts<QuotaRow>().By("model", q => q.Model ?? "").By("scope", q => q.Scope);

    public static Task<Page<QuotaAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] string? scope, [FromQuery] string? model, SetBy setBy, Database database, CancellationToken ct)
    {
        LimitScope.CheckFilter(scope);
        return setBy.ReadAsync(
            database,
            (db, token) => Seen(db, setBy)
                .Where(q => (scope == null || q.Scope == scope) && (model == null || q.Model == model))
                .Containing(q => q.Model ?? "", page)
                .ToPageAsync(q => q.Id, page, Sorted, Answer, token),
            ct);
    }

    public static async Task<FoundAnswer<QuotaAnswer>> GetAsync(TenantId tenantId, Guid id, SetBy setBy, Database database, CancellationToken ct)
    {
        var row = await setBy.ReadAsync(database, (db, token) => Seen(db, setBy).AsNoTracking().SingleOrDefaultAsync(q => q.Id == id, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<QuotaAnswer, Creates>> CreateAsync(
        TenantId tenantId, QuotaRequest request, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<QuotaAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                var row = Row(setBy, request, write.Now);
                if (await RefusalAsync(write.Db, row, token) is { } refusal)
                    return refusal;
                write.Db.Quotas.Add(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var answer = Answer(row);
                write.Audit("quota.create", row.Id.ToString(), null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(q => $"{setBy.Path}/quotas/{q.Id}");
    }

    public static async Task<WriteAnswer<QuotaAnswer, Changes>> UpdateAsync(
        TenantId tenantId, Guid id, UpdateQuotaRequest request, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<QuotaAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                if (await Seen(write.Db, setBy).SingleOrDefaultAsync(q => q.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (setBy.RefusalFor(row.IsOperators) is { } refusal)
                    return refusal;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Answer(row);
                Set(row, request.Limits);
                var faults = new Faults();
                if (!setBy.IsOperators)
                    await Ceilings.CheckAsync(write.Db, row, faults, token);
                if (faults.Any)
                    return faults.ToFailure();
                row.Version++;
                write.Affects(Affected.CarrierOf(tenantId));
                var after = Answer(row);
                write.Audit("quota.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<QuotaAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, Guid id, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<QuotaAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                if (await Seen(write.Db, setBy).SingleOrDefaultAsync(q => q.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (setBy.RefusalFor(row.IsOperators) is { } refusal)
                    return refusal;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                write.Db.Quotas.Remove(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var gone = Answer(row);
                write.Audit("quota.delete", id.ToString(), gone, null);
                return gone;
            },
            ct);
        return written.ToDeleted();
    }

    private static async Task<Failure?> RefusalAsync(ControlDb db, QuotaRow row, CancellationToken ct)
    {
        var faults = new Faults();
        await LimitScope.CheckAsync(db, row.TenantId, row.Scope, row.ScopeId, faults, ct);
        if (!row.IsOperators)
            await Ceilings.CheckAsync(db, row, faults, ct);
        if (faults.Any)
            return faults.ToFailure();
        var others = db.Quotas.Where(q => q.TenantId == row.TenantId && q.IsOperators == row.IsOperators);
        var same = await others.Where(q => q.Scope == row.Scope && q.ScopeId == row.ScopeId && q.Model == row.Model).Select(q => q.Id).ToListAsync(ct);
        if (same is [var taken, ..])
            return Failure.Conflict(ProblemCodes.NameTaken, $"There is a quota for this scope and model already: {taken}.");
        return await others.CountAsync(ct) < Max ? null : Failure.Conflict(ProblemCodes.LimitReached, $"There are {Max} quotas already.");
    }

    /// <summary>What the door shows: operators their own ceilings, a tenant those and its own.</summary>
    private static IQueryable<QuotaRow> Seen(ControlDb db, SetBy setBy) =>
        db.Quotas.Where(q => q.TenantId == setBy.Tenant && (q.IsOperators || !setBy.IsOperators));

    private static QuotaRow Row(SetBy setBy, QuotaRequest request, DateTimeOffset now)
    {
        var row = new QuotaRow
        {
            TenantId = setBy.Tenant,
            Id = Guid.CreateVersion7(now),
            Scope = request.Scope,
            ScopeId = request.ScopeId,
            Model = request.Model,
            IsOperators = setBy.IsOperators,
            CreatedAt = now,
        };
        Set(row, request.Limits);
        return row;
    }

    private static void Set(QuotaRow row, QuotaSpec limits)
    {
        row.RequestsPerMinute = limits.RequestsPerMinute;
        row.RequestsPerDay = limits.RequestsPerDay;
        row.TokensPerMinute = limits.TokensPerMinute;
        row.TokensPerDay = limits.TokensPerDay;
        row.ConcurrentRequests = limits.ConcurrentRequests;
    }

    private static QuotaAnswer Answer(QuotaRow row) => new(
        row.Id, row.Scope, row.ScopeId, row.Model, LimitDocuments.SpecOf(row), SetBy.NameOf(row.IsOperators), row.CreatedAt, row.Version);
}
