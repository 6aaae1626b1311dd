using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Platform.Control.Data;

/// <summary>Tells a database that is away from a fault of ours.</summary>
internal static class Outage
{
    public static bool IsOne(Exception exception) =>
        exception is CommitUnknownException or RetryLimitExceededException or TimeoutException
        || exception is NpgsqlException { IsTransient: true }
        || (exception is InvalidOperationException && exception.InnerException is NpgsqlException { IsTransient: true });
}
