using Npgsql;

namespace Platform.Migrations;

/// <summary>
/// The group roles that rights are granted to, and the login roles that are in them: one group each, because the rows
/// that a role sees are those of all its groups together.
/// </summary>
internal static class RoleSetUp
{
    private static readonly string[] Groups = ["control_tenant", "control_platform", "ingest", "backup"];

    /// <exception cref="MigrationException">A role has rights that would undo row-level security.</exception>
    public static async Task RunAsync(NpgsqlDataSource owner, OwnerSettings settings, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        await RefuseSuperuserAsync(connection, "current_user", "Database:Owner", ct);
        foreach (var group in Groups)
            await ExecuteAsync(connection, CreateIfMissing, [group, "NOLOGIN"], ct);

        var logins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (group, key, connectionString) in new[]
        {
            ("control_tenant", "Database:Tenant", settings.Tenant),
            ("control_platform", "Database:Platform", settings.Platform),
            ("ingest", "Database:Ingest", settings.Ingest),
        })
        {
            var login = new NpgsqlConnectionStringBuilder(connectionString);
            var user = login.Username ?? throw new MigrationException($"{key} names no user; add Username to it.");
            if (!logins.TryAdd(user, key))
                throw new MigrationException($"{key} and {logins[user]} name the same user; give each its own.");
            await LogInAsync(connection, user, login.Password, group, key, ct);
        }
        await ExecuteAsync(connection, DatabaseRights, [], ct);
    }

    private static async Task LogInAsync(NpgsqlConnection connection, string user, string? password, string group, string key, CancellationToken ct)
    {
        await ExecuteAsync(connection, CreateIfMissing, [user, "LOGIN INHERIT"], ct);
        if (!string.IsNullOrEmpty(password))
            await ExecuteAsync(connection, "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1, $2)", [user, ScramVerifier.Of(password)], ct);
        await RefuseSuperuserAsync(connection, "$1", key, ct, user);
        await ExecuteAsync(connection, "SELECT format('GRANT %I TO %I', $1, $2)", [group, user], ct);
        await using var others = new NpgsqlCommand(
            "SELECT string_agg(g, ', ') FROM unnest($1::text[]) g WHERE g <> $2 AND pg_has_role($3::name, g::name, 'MEMBER')", connection)
        {
            Parameters = { new() { Value = Groups }, new() { Value = group }, new() { Value = user } },
        };
        if (await others.ExecuteScalarAsync(ct) is string foreign)
            throw new MigrationException($"The user of {key} is also in {foreign}, and would see its rows too; revoke that.");
    }

    private static async Task RefuseSuperuserAsync(NpgsqlConnection connection, string role, string key, CancellationToken ct, params string[] arguments)
    {
        await using var command = new NpgsqlCommand($"SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = {role}", connection);
        foreach (var argument in arguments)
            command.Parameters.Add(new() { Value = argument });
        if (await command.ExecuteScalarAsync(ct) is true)
            throw new MigrationException($"The user of {key} is a superuser or bypasses row-level security; name a plain role.");
    }

    /// <summary>Runs the statement that the query, with its arguments quoted by the server, answers.</summary>
    private static async Task ExecuteAsync(NpgsqlConnection connection, string query, string[] arguments, CancellationToken ct)
    {
        await using var compose = new NpgsqlCommand(query, connection);
        foreach (var argument in arguments)
            compose.Parameters.Add(new() { Value = argument });
        if (await compose.ExecuteScalarAsync(ct) is not string statement)
            return;
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private const string CreateIfMissing =
        """
        SELECT format('DO $do$ BEGIN CREATE ROLE %I %s; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$', $1, $2)
        WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)
        """;

    private const string DatabaseRights =
        """
        SELECT format(
            'REVOKE ALL ON DATABASE %1$I FROM PUBLIC; '
            || 'GRANT CONNECT ON DATABASE %1$I TO control_tenant, control_platform, ingest, backup; '
            || 'GRANT TEMPORARY ON DATABASE %1$I TO ingest', current_database())
        """;
}
