using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Limits;

/// <summary>Budgets by both doors, as <see cref="QuotaEndpoints"/>.</summary>
internal static class BudgetEndpoints
{
    /// <inheritdoc cref="QuotaEndpoints.Max"/>
    public const int Max = 500;

    private const string Thing = "budget";

    private static readonly Sorts<BudgetRow> Sorted = new Sorts<BudgetRow>().By("name", b => b.Name);

    public static Task<Page<BudgetAnswer>> ListAsync(
        TenantId tenantId, [AsParameters] PageQuery page, [FromQuery] string? scope, SetBy setBy, Database database, CancellationToken ct)
    {
        LimitScope.CheckFilter(scope);
        return setBy.ReadAsync(
            database,
            (db, token) => Seen(db, setBy).Where(b => scope == null || b.Scope == scope)
                .Containing(b => b.Name, page)
                .ToPageAsync(b => b.Id, page, Sorted, Answer, token),
            ct);
    }

    public static async Task<FoundAnswer<BudgetAnswer>> GetAsync(TenantId tenantId, Guid id, SetBy setBy, Database database, CancellationToken ct)
    {
        var row = await setBy.ReadAsync(database, (db, token) => Seen(db, setBy).AsNoTracking().SingleOrDefaultAsync(b => b.Id == id, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<BudgetAnswer, Creates>> CreateAsync(
        TenantId tenantId, BudgetRequest request, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<BudgetAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                var faults = new Faults();
                await LimitScope.CheckAsync(write.Db, tenantId, request.Scope, request.ScopeId, faults, token);
                if (faults.Any)
                    return faults.ToFailure();
                if (await write.Db.Budgets.CountAsync(b => b.TenantId == tenantId && b.IsOperators == setBy.IsOperators, token) >= Max)
                    return Failure.Conflict(ProblemCodes.LimitReached, $"There are {Max} budgets already.");
                var row = Row(setBy, request, write.Now);
                write.Db.Budgets.Add(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var answer = Answer(row);
                write.Audit("budget.create", row.Id.ToString(), null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(b => $"{setBy.Path}/budgets/{b.Id}");
    }

    public static async Task<WriteAnswer<BudgetAnswer, Changes>> UpdateAsync(
        TenantId tenantId, Guid id, UpdateBudgetRequest request, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<BudgetAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                if (await Seen(write.Db, setBy).SingleOrDefaultAsync(b => b.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (setBy.RefusalFor(row.IsOperators) is { } refusal)
                    return refusal;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var before = Answer(row);
                Set(row, request);
                row.Version++;
                write.Affects(Affected.CarrierOf(tenantId));
                var after = Answer(row);
                write.Audit("budget.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<BudgetAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, Guid id, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<BudgetAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                if (await Seen(write.Db, setBy).SingleOrDefaultAsync(b => b.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (setBy.RefusalFor(row.IsOperators) is { } refusal)
                    return refusal;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                write.Db.Budgets.Remove(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var gone = Answer(row);
                write.Audit("budget.delete", id.ToString(), gone, null);
                return gone;
            },
            ct);
        return written.ToDeleted();
    }

    private static IQueryable<BudgetRow> Seen(ControlDb db, SetBy setBy) =>
        db.Budgets.Where(b => b.TenantId == setBy.Tenant && (b.IsOperators || !setBy.IsOperators));

    private static BudgetRow Row(SetBy setBy, BudgetRequest request, DateTimeOffset now) => new()
    {
        TenantId = setBy.Tenant,
        Id = Guid.CreateVersion7(now),
        Name = request.Name,
        Scope = request.Scope,
        ScopeId = request.ScopeId,
        IsOperators = setBy.IsOperators,
        Amount = request.Amount,
        Currency = request.Currency,
        Window = request.Window,
        TimeZone = request.TimeZone,
        Thresholds = [.. request.Thresholds],
        HardStop = request.HardStop,
        CreatedAt = now,
    };

    private static void Set(BudgetRow row, UpdateBudgetRequest request)
    {
        row.Name = request.Name;
        row.Amount = request.Amount;
        row.Currency = request.Currency;
        row.Window = request.Window;
        row.TimeZone = request.TimeZone;
        row.Thresholds = [.. request.Thresholds];
        row.HardStop = request.HardStop;
    }

    private static BudgetAnswer Answer(BudgetRow row) => new(
        row.Id,
        row.Name,
        row.Scope,
        row.ScopeId,
        LimitDocuments.Plain(row.Amount),
        row.Currency,
        row.Window,
        row.TimeZone,
        row.Thresholds,
        row.HardStop,
        SetBy.NameOf(row.IsOperators),
        row.CreatedAt,
        row.Version);
}
