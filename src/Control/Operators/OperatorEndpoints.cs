using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Operators;

/// <summary>The users of the platform itself. One who may write is always left.</summary>
internal static class OperatorEndpoints
{
    private const string Thing = "operator";

    private static readonly Sorts<OperatorRow> Sorted = new Sorts<OperatorRow>().By("principal", o => o.Principal).By("role", o => o.Role);

    private static readonly Failure Last = Failure.Conflict(ProblemCodes.LastOperator, "The platform would be left without an operator: add another one first.");

    public static Task<Page<OperatorAnswer>> ListAsync([AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InPlatformAsync(
            (db, token) => db.Operators.Containing(o => o.Principal, page).ToPageByTextAsync(o => o.Principal, "principal", page, Sorted, Answer, token), ct);

    public static async Task<FoundAnswer<OperatorAnswer>> GetAsync(string principal, Database database, CancellationToken ct)
    {
        var row = await database.InPlatformAsync((db, token) => db.Operators.AsNoTracking().SingleOrDefaultAsync(o => o.Principal == principal, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<OperatorAnswer, Creates>> AddAsync(CreateOperatorRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<OperatorAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                await LockAsync(write.Db, token);
                if (await write.Db.Operators.AnyAsync(o => o.Principal == request.Principal, token))
                    return Failure.Conflict(ProblemCodes.NameTaken, "The principal is an operator already.");
                var row = new OperatorRow { Principal = request.Principal, Role = request.Role, CreatedAt = write.Now };
                write.Db.Operators.Add(row);
                write.Audit("operator.add", row.Principal, null, Answer(row));
                return Answer(row);
            },
            ct);
        return written.ToCreated(o => $"/api/v1/operator/operators/{Uri.EscapeDataString(o.Principal)}");
    }

    public static async Task<WriteAnswer<OperatorAnswer, Changes>> ReplaceAsync(
        string principal, OperatorRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        (await ChangeAsync(principal, request.Role, call, writer, ct)).ToChanged();

    public static async Task<WriteAnswer<OperatorAnswer, Deletes>> RemoveAsync(string principal, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        (await ChangeAsync(principal, null, call, writer, ct)).ToDeleted();

    /// <param name="role">The new role; null to remove the operator.</param>
    private static Task<Written<OperatorAnswer>> ChangeAsync(string principal, string? role, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        writer.UnheardInPlatformAsync<OperatorAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                await LockAsync(write.Db, token);
                if (await write.Db.Operators.SingleOrDefaultAsync(o => o.Principal == principal, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (row.Role == OperatorRoles.Operator && role != OperatorRoles.Operator
                    && await write.Db.Operators.CountAsync(o => o.Role == OperatorRoles.Operator, token) <= 1)
                    return Last;
                var before = Answer(row);
                if (role is null)
                {
                    write.Db.Operators.Remove(row);
                    write.Audit("operator.remove", principal, before, null);
                    return before;
                }
                row.Role = role;
                row.Version++;
                write.Audit("operator.update", principal, before, Answer(row));
                return Answer(row);
            },
            ct);

    /// <summary>Changes of operators wait for each other, so that each sees how many are left.</summary>
    private static Task<int> LockAsync(ControlDb db, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('operators'))", ct);

    private static OperatorAnswer Answer(OperatorRow row) => new(row.Principal, row.Role, row.CreatedAt, row.Version);
}
