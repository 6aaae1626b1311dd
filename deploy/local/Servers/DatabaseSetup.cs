using Npgsql;

namespace Platform.Local.Servers;

/// <summary>Makes the owner role and its database, as a database administrator would before the first installation.</summary>
public static class DatabaseSetup
{
    /// <param name="superuser">Connection string of a role that may create roles and databases.</param>
    /// <returns>The owner's connection string.</returns>
    public static async Task<string> EnsureAsync(string superuser, string database, string owner, string password)
    {
        await using var connection = new NpgsqlConnection(superuser);
        try
        {
            await connection.OpenAsync();
        }
        catch (NpgsqlException e)
        {
            throw new LocalException($"PostgreSQL does not let us in: {e.Message} Check PLATFORM_POSTGRES.");
        }
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_roles WHERE rolname = $1", owner))
            await ExecuteAsync(connection, $"CREATE ROLE {Name(owner)} LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE");
        await ExecuteAsync(connection, $"ALTER ROLE {Name(owner)} PASSWORD {Literal(password)}");
        if (!await ExistsAsync(connection, "SELECT 1 FROM pg_database WHERE datname = $1", database))
        {
            // Needed where the connecting role is no superuser: only a member may give away ownership.
            await ExecuteAsync(connection, $"GRANT {Name(owner)} TO CURRENT_USER");
            await ExecuteAsync(connection, $"CREATE DATABASE {Name(database)} OWNER {Name(owner)} TEMPLATE template0 ENCODING 'UTF8'");
            await ExecuteAsync(connection, $"REVOKE ALL ON DATABASE {Name(database)} FROM PUBLIC");
        }
        return For(superuser, database, owner, password);
    }

    /// <summary>Drops a database that this home made; its roles stay, for other databases may share them.</summary>
    public static async Task DropAsync(string superuser, string database)
    {
        await using var connection = new NpgsqlConnection(superuser);
        await connection.OpenAsync();
        await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS {Name(database)} WITH (FORCE)");
    }

    /// <summary>The same server, as somebody else.</summary>
    public static string For(string server, string database, string user, string password) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database, Username = user, Password = password, Pooling = true, Timeout = 5 }.ConnectionString;

    private static string Name(string identifier) => '"' + identifier.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static string Literal(string text) => '\'' + text.Replace("'", "''", StringComparison.Ordinal) + '\'';

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, string sql, string name)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync() is not null;
    }

    // Identifiers and passwords cannot be parameters of CREATE and ALTER; they are quoted above.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
