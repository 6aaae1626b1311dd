using Npgsql;
using Platform.Control.Data;
using Platform.Migrations;

namespace Platform.Control.Tests.Data;

public sealed class MigrationTests(Servers servers)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrating_twice_and_at_once_changes_nothing()
    {
        var database = await servers.NewDatabaseAsync();
        var settings = Settings(database);
        await Steps.DatabaseAsync(settings, Cancel);
        var before = await DescribeAsync(settings);

        await Task.WhenAll(Steps.DatabaseAsync(settings, Cancel), Steps.DatabaseAsync(settings, Cancel));

        (await DescribeAsync(settings)).ShouldBe(before);
    }

    [Fact]
    public async Task A_copied_database_gets_an_epoch_of_its_own()
    {
        var one = Settings(await servers.NewDatabaseAsync());
        var two = Settings(await servers.NewDatabaseAsync());
        await Steps.DatabaseAsync(one, Cancel);
        await Steps.DatabaseAsync(two, Cancel);

        (await ScalarAsync(one, "SELECT epoch FROM config_head")).ShouldNotBe(await ScalarAsync(two, "SELECT epoch FROM config_head"));
    }

    [Fact]
    public async Task Two_connection_strings_with_one_user_are_refused()
    {
        var settings = Settings(await servers.NewDatabaseAsync());
        settings.Ingest = settings.Tenant;

        var refusal = await Should.ThrowAsync<MigrationException>(() => Steps.DatabaseAsync(settings, Cancel));

        refusal.Message.ShouldContain("same user");
    }

    [Fact]
    public async Task A_user_that_is_in_another_group_too_is_refused()
    {
        var settings = Settings(await servers.NewDatabaseAsync());
        var user = "both_" + Guid.NewGuid().ToString("N");
        await ScalarAsync(settings, $"CREATE ROLE {user} LOGIN; GRANT control_platform TO {user}");
        settings.Tenant = new NpgsqlConnectionStringBuilder(settings.Tenant) { Username = user, Password = null }.ConnectionString;

        var refusal = await Should.ThrowAsync<MigrationException>(() => Steps.DatabaseAsync(settings, Cancel));

        refusal.Message.ShouldContain("control_platform");
    }

    [Fact]
    public async Task A_password_is_changed_by_the_next_run()
    {
        var database = await servers.NewDatabaseAsync();
        var settings = Settings(database);
        var login = new NpgsqlConnectionStringBuilder(settings.Tenant) { Username = "rotating", Password = "it's \"new\" \\ €".Replace("€", "$", StringComparison.Ordinal), Pooling = false };
        settings.Tenant = login.ConnectionString;
        await Steps.DatabaseAsync(settings, Cancel);
        await using (var first = new NpgsqlConnection(login.ConnectionString))
            await first.OpenAsync(Cancel);

        var old = login.ConnectionString;
        login.Password = "another";
        settings.Tenant = login.ConnectionString;
        await Steps.DatabaseAsync(settings, Cancel);

        await using (var second = new NpgsqlConnection(login.ConnectionString))
            await second.OpenAsync(Cancel);
        await using var refused = new NpgsqlConnection(old);
        (await Should.ThrowAsync<PostgresException>(() => refused.OpenAsync(Cancel))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task A_wrong_password_of_the_owner_is_said_at_once_in_one_line()
    {
        var settings = Settings(await servers.NewDatabaseAsync());
        settings.Owner = new NpgsqlConnectionStringBuilder(settings.Owner) { Password = "wrong" }.ConnectionString;

        var refusal = await Should.ThrowAsync<MigrationException>(() => Steps.DatabaseAsync(settings, Cancel));

        refusal.Message.ShouldContain("Database:Owner");
        refusal.Message.ShouldNotContain("\n");
        refusal.Message.ShouldNotContain("wrong");
    }

    private OwnerSettings Settings(DatabaseSettings database) => new()
    {
        Owner = servers.Owner(database),
        Tenant = database.Tenant,
        Platform = database.Platform,
        Ingest = database.Ingest,
    };

    private static async Task<string> DescribeAsync(OwnerSettings settings) => (string)(await ScalarAsync(settings,
        """
        SELECT concat_ws(' | ',
            (SELECT string_agg(migration_id, ',' ORDER BY migration_id) FROM public.migrations_history),
            (SELECT string_agg(migration_id, ',' ORDER BY migration_id) FROM identity.migrations_history),
            (SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 'identity'::regnamespace)),
            (SELECT string_agg(tablename || policyname, ',' ORDER BY tablename, policyname) FROM pg_policies),
            (SELECT concat_ws(',', revision, epoch) FROM config_head),
            (SELECT count(*) FROM tenants))
        """))!;

    private static async Task<object?> ScalarAsync(OwnerSettings settings, string sql)
    {
        await using var connection = new NpgsqlConnection(settings.Owner);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
