using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Platform.Control.Data;

/// <summary>
/// Refuses a command that does not run in a unit of work of <see cref="Database"/>: without its transaction no tenant
/// is set, and row-level security would answer with silence.
/// </summary>
internal sealed class UnitOfWorkGuard : DbCommandInterceptor
{
    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
        Check(command, eventData, result);

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
        new(Check(command, eventData, result));

    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        Check(command, eventData, result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(Check(command, eventData, result));

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
        Check(command, eventData, result);

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        new(Check(command, eventData, result));

    private static InterceptionResult<T> Check<T>(DbCommand command, CommandEventData eventData, InterceptionResult<T> result)
    {
        if (eventData.Context is ControlDb { IsOwner: true } || (eventData.Context is ControlDb { InUnitOfWork: true } && command.Transaction is not null))
            return result;
        throw new InvalidOperationException("A command ran outside a unit of work: use Database.InTenantAsync or one of its sisters.");
    }
}
