using Microsoft.EntityFrameworkCore;

namespace Platform.Control.Data;

/// <summary>
/// Tells one life of the database from another: cluster, timeline and database. A restored dump, a copied database and
/// a recovery to a point in time each have another one, and then <see cref="Entities.ConfigHeadRow.Epoch"/> must change.
/// </summary>
internal static class DatabaseFingerprint
{
    public const string Sql =
        """
        SELECT concat_ws('/',
            (SELECT system_identifier FROM pg_control_system()),
            (SELECT timeline_id FROM pg_control_checkpoint()),
            (SELECT oid FROM pg_database WHERE datname = current_database())) AS "Value"
        """;

    public static Task<string> ReadAsync(ControlDb db, CancellationToken ct) => db.Database.SqlQueryRaw<string>(Sql).SingleAsync(ct);
}
