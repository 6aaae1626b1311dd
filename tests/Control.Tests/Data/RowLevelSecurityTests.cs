using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Certificates;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Data;

/// <summary>
/// The database itself keeps tenants apart: these tests leave out the filter that the endpoints add. Tables are read
/// from the catalogue, so that a new one is covered too.
/// </summary>
public sealed class RowLevelSecurityTests(ControlApp control, Servers servers) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly X509Certificate2 Leaf = Pems.Leaf(Pems.Authority());

    /// <summary>Tables whose rows of the platform every tenant may read.</summary>
    private static readonly string[] Shared = ["pools", "models", "model_targets", "model_offers", "prices", "guardrail_policies"];

    [Fact]
    public async Task Every_table_with_a_tenant_has_security_enabled_and_forced_with_policies_that_name_roles()
    {
        await using var owner = await OpenAsync(servers.Owner(control.DatabaseSettings));

        var open = await ListAsync(owner,
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND (c.relname = 'tenants' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'))
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            """);
        var forEverybody = await ListAsync(owner, "SELECT tablename || '.' || policyname FROM pg_policies WHERE 'public' = ANY(roles)");

        open.ShouldBeEmpty();
        forEverybody.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tenant_comes_first_in_every_key_of_its_tables()
    {
        await using var owner = await OpenAsync(servers.Owner(control.DatabaseSettings));

        var keys = await ListAsync(owner,
            """
            SELECT i.indexrelid::regclass::text FROM pg_index i
            JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id'
            WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique AND i.indkey[0] <> t.attnum
            """);

        keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_role_that_Control_uses_is_above_security_or_reads_a_partition()
    {
        await using var owner = await OpenAsync(servers.Owner(control.DatabaseSettings));
        await using (var ingest = await OpenAsync(control.DatabaseSettings.Ingest))
            await ExecuteAsync(ingest, "SELECT ensure_usage_partition(current_date)");

        (await ListAsync(owner,
            """
            SELECT rolname::text FROM pg_roles
            WHERE (rolsuper OR rolbypassrls)
              AND (rolname = current_user OR rolname IN ('control_tenant', 'control_platform', 'ingest', 'backup', 'tenant', 'platform', 'ingest_login'))
            """)).ShouldBeEmpty();
        (await ListAsync(owner,
            """
            SELECT g.grantee || ' ' || g.table_name FROM information_schema.role_table_grants g
            WHERE g.table_name LIKE 'usage_records_p%' AND g.grantee NOT IN (current_user, 'backup')
            """)).ShouldBeEmpty();
        (await ListAsync(owner, "SELECT relname::text FROM pg_class WHERE relname LIKE 'usage_records_p%' AND relkind = 'r'")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Without_a_tenant_there_are_no_rows()
    {
        await FilledTenantAsync();
        await using var connection = await OpenAsync(control.DatabaseSettings.Tenant);
        foreach (var table in await TenantTablesAsync())
            (await CountAsync(connection, $"SELECT count(*) FROM {table}")).ShouldBe(0, table);

        // After a SET LOCAL the setting is an empty text, not absent.
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await ExecuteAsync(connection, $"SELECT set_config('app.tenant_id', '{TenantId.New()}', true)");
            await transaction.RollbackAsync(Cancel);
        }
        foreach (var table in await TenantTablesAsync())
            (await CountAsync(connection, $"SELECT count(*) FROM {table}")).ShouldBe(0, table);
    }

    [Fact]
    public async Task A_tenant_reads_its_own_rows_and_nobody_elses()
    {
        var one = await FilledTenantAsync();
        await FilledTenantAsync();
        await using var connection = await OpenAsync(control.DatabaseSettings.Tenant);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await ExecuteAsync(connection, $"SELECT set_config('app.tenant_id', '{one}', true)");

        foreach (var table in await TenantTablesAsync())
        {
            var column = table == "tenants" ? "id" : "tenant_id";
            var allowed = Shared.Contains(table) ? $"('{one}', '{TenantId.Platform}')" : $"('{one}')";
            (await CountAsync(connection, $"SELECT count(*) FROM {table} WHERE {column} NOT IN {allowed}")).ShouldBe(0, table);
        }
        foreach (var table in new[] { "tenants", "projects", "pools", "endpoints", "provider_keys", "client_certificates", "traffic_policies", "models", "model_targets", "api_keys", "memberships", "audit_events", "config_resources" })
            (await CountAsync(connection, $"SELECT count(*) FROM {table} WHERE {(table == "tenants" ? "id" : "tenant_id")} = '{one}'")).ShouldBeGreaterThan(0, table);
    }

    [Theory]
    [InlineData("INSERT INTO projects (tenant_id, id, name, created_at) VALUES ('{0}', gen_random_uuid(), 'x', now())")]
    [InlineData("INSERT INTO audit_events (tenant_id, id, at, actor, action, target) VALUES ('{0}', gen_random_uuid(), now(), 'a', 'b', 'c')")]
    [InlineData("INSERT INTO traffic_policies (tenant_id, spec, updated_at, version) VALUES ('{0}', '{}', now(), 1)")]
    [InlineData("INSERT INTO config_resources (tenant_id, group_name, kind, key, revision) VALUES ('{0}', 'default', 'tenant', 'x', 1)")]
    [InlineData("INSERT INTO pools (tenant_id, id, name, engine, group_name, created_at) VALUES ('{0}', gen_random_uuid(), 'x', 'vllm', 'default', now())")]
    public async Task A_row_for_another_tenant_is_refused(string insert)
    {
        var one = await FilledTenantAsync();
        var two = await FilledTenantAsync();
        foreach (var foreign in new[] { two, TenantId.Platform })
        {
            await using var connection = await OpenAsync(control.DatabaseSettings.Tenant);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await ExecuteAsync(connection, $"SELECT set_config('app.tenant_id', '{one}', true)");

            var refusal = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, insert.Replace("{0}", foreign.ToString(), StringComparison.Ordinal)));
            refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Fact]
    public async Task A_tenant_offers_no_models_of_its_own_and_none_of_the_platforms()
    {
        var one = await FilledTenantAsync();
        var two = await FilledTenantAsync();
        foreach (var offer in new[]
        {
            $"INSERT INTO model_offers (tenant_id, model_id, offered_to) SELECT tenant_id, id, '{two}' FROM models WHERE tenant_id = '{one}'",
            $"INSERT INTO model_offers (tenant_id, model_id, offered_to) VALUES ('{TenantId.Platform}', gen_random_uuid(), '{one}')",
        })
        {
            await using var connection = await OpenAsync(control.DatabaseSettings.Tenant);
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await ExecuteAsync(connection, $"SELECT set_config('app.tenant_id', '{one}', true)");

            var refusal = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, offer));
            refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Theory]
    [InlineData("UPDATE audit_events SET action = 'x'")]
    [InlineData("DELETE FROM audit_events")]
    [InlineData("INSERT INTO tenants (id, name, slug, group_name, suspended, created_at) VALUES (gen_random_uuid(), 'x', 'x', 'default', false, now())")]
    [InlineData("INSERT INTO memberships (tenant_id, principal, role, created_at) VALUES ('{0}', 'me', 'owner', now())")]
    [InlineData("INSERT INTO operators (principal, role, created_at) VALUES ('me', 'operator', now())")]
    [InlineData("UPDATE config_head SET epoch = gen_random_uuid()")]
    [InlineData("INSERT INTO usage_daily (tenant_id, day, project_id, api_key_id, model) VALUES ('{0}', current_date, gen_random_uuid(), gen_random_uuid(), 'm')")]
    [InlineData("SELECT sealed FROM signing_keys")]
    [InlineData("SELECT count(*) FROM agents")]
    [InlineData("SELECT count(*) FROM identity.users")]
    [InlineData("SELECT ensure_usage_partition(current_date)")]
    [InlineData("SELECT erase_audit_events('{0}')")]
    [InlineData("CREATE TABLE mine (id int)")]
    public async Task A_request_role_has_no_right_to(string statement)
    {
        var one = await FilledTenantAsync();
        await using var connection = await OpenAsync(control.DatabaseSettings.Tenant);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await ExecuteAsync(connection, $"SELECT set_config('app.tenant_id', '{one}', true)");

        var refusal = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, statement.Replace("{0}", one.ToString(), StringComparison.Ordinal)));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM api_keys")]
    [InlineData("SELECT name FROM tenants")]
    [InlineData("DELETE FROM usage_records")]
    [InlineData("UPDATE usage_records SET status = 1")]
    [InlineData("UPDATE config_head SET revision = 1")]
    public async Task The_ledgers_role_has_no_right_to(string statement)
    {
        await using var connection = await OpenAsync(control.DatabaseSettings.Ingest);

        var refusal = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, statement));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData("current_date - 500")]
    [InlineData("current_date + 10")]
    [InlineData("NULL::date")]
    public async Task A_partition_is_made_for_a_day_that_makes_sense_only(string day)
    {
        await using var connection = await OpenAsync(control.DatabaseSettings.Ingest);

        var refusal = await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, $"SELECT ensure_usage_partition({day})"));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
    }

    /// <summary>A tenant with a row in every table that its own requests write.</summary>
    private async Task<TenantId> FilledTenantAsync()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        var pool = await admin.CreateAsync<PoolAnswer>(
            $"/api/v1/tenants/{tenant}/pools",
            new CreatePoolRequest { Name = "p", ProviderKey = "k", Endpoints = [new() { Url = "https://models.example.com" }] });
        await admin.ReplaceAsync<ClientCertificateAnswer>($"/api/v1/tenants/{tenant}/pools/{pool.Id}/client-certificate", Pems.Request(Leaf));
        await admin.ReplaceAsync<TrafficPolicyAnswer>($"/api/v1/tenants/{tenant}/traffic-policy", new TrafficPolicyRequest { CacheSeconds = 1 });
        await admin.CreateAsync<ModelAnswer>(
            $"/api/v1/tenants/{tenant}/models", new ModelRequest { Name = "m", Targets = [new() { PoolId = pool.Id }] });
        await admin.CreateAsync<CreatedApiKeyAnswer>(
            $"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = "k", ProjectId = project.Id });
        return tenant;
    }

    private async Task<List<string>> TenantTablesAsync()
    {
        await using var owner = await OpenAsync(servers.Owner(control.DatabaseSettings));
        var tables = await ListAsync(owner,
            """
            SELECT c.relname::text FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND (c.relname = 'tenants' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'))
            """);
        tables.Count.ShouldBeGreaterThan(13);
        return tables;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var list = new List<string>();
        while (await reader.ReadAsync(Cancel))
            list.Add(reader.GetString(0));
        return list;
    }
}
