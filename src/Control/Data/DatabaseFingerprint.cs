using Microsoft.EntityFrameworkCore;

namespace Platform.Control.Data;

/// <summary>
/// Tells one life of the database from another: cluster, timeline, database, and the file of the head's table, which a
/// dump restored into the same database makes anew. After a restore, a copy or a recovery to a point in time it is another
/// one, and then <see cref="Entities.ConfigHeadRow.Epoch"/> must change. VACUUM FULL changes it too, which costs each agent
/// one full fetch.
/// </summary>
internal static class DatabaseFingerprint
{
    public const string Sql =
        """
        SELECT concat_ws('/',
            (SELECT system_identifier FROM pg_control_system()),
            (SELECT timeline_id FROM pg_control_checkpoint()),
            (SELECT oid FROM pg_database WHERE datname = current_database()),
            pg_relation_filenode('public.config_head')) AS "Value"
        """;

    public static Task<string> ReadAsync(ControlDb db, CancellationToken ct) => db.Database.SqlQueryRaw<string>(Sql).SingleAsync(ct);
}
