using Npgsql;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Limits;

/// <summary>The database itself keeps what operators set from a tenant's own connection, whatever the handlers ask for.</summary>
public sealed class OperatorsRowsTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Quota = "INSERT INTO quotas (tenant_id, id, scope, is_operators, requests_per_minute, created_at, version) VALUES ('{0}', gen_random_uuid(), 'tenant', {1}, 1, now(), 1)";
    private const string Budget = "INSERT INTO budgets (tenant_id, id, name, scope, is_operators, amount, currency, \"window\", time_zone, thresholds, hard_stop, created_at, version) VALUES ('{0}', gen_random_uuid(), 'b{1}', 'tenant', {1}, 1, 'EUR', 'day', 'UTC', ARRAY[1], false, now(), 1)";
    private const string Isolation = "INSERT INTO isolation_policies (tenant_id, is_operators, spec, updated_at, version) VALUES ('{0}', {1}, '{}', now(), 1)";
    private const string Guardrail = "INSERT INTO guardrail_policies (tenant_id, id, name, enabled, \"order\", spec, created_at, version) VALUES ('{0}', gen_random_uuid(), 'g', true, 1, '{}', now(), 1)";
    private const string Price = "INSERT INTO prices (tenant_id, id, model, currency, spec, effective_from, created_at, version) VALUES ('{0}', gen_random_uuid(), 'm', 'EUR', '{}', now(), now(), 1)";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Quota)]
    [InlineData(Budget)]
    [InlineData(Isolation)]
    public async Task A_tenant_adds_its_own_row_and_no_operators(string insert)
    {
        var (tenant, _) = await control.TenantAsync();

        await RefusedAsync(tenant, Text(insert, tenant, "true"));
        (await ChangedAsync(tenant, Text(insert, tenant, "false"))).ShouldBe(1);
    }

    [Theory]
    [InlineData("quotas", Quota, "requests_per_minute = 1000")]
    [InlineData("budgets", Budget, "amount = 1000")]
    [InlineData("isolation_policies", Isolation, "version = 2")]
    public async Task A_tenant_reads_an_operators_row_and_neither_changes_nor_removes_nor_takes_it(string table, string insert, string change)
    {
        var (tenant, _) = await control.TenantAsync();
        await ExecuteAsync(control.DatabaseSettings.Platform, tenant, Text(insert, tenant, "true"));
        await ExecuteAsync(control.DatabaseSettings.Platform, tenant, Text(insert, tenant, "false"));

        (await ScalarAsync(tenant, $"SELECT count(*) FROM {table}")).ShouldBe(2);
        (await ChangedAsync(tenant, $"UPDATE {table} SET {change} WHERE is_operators")).ShouldBe(0);
        (await ChangedAsync(tenant, $"DELETE FROM {table} WHERE is_operators")).ShouldBe(0);
        (await ChangedAsync(tenant, $"UPDATE {table} SET {change} WHERE NOT is_operators")).ShouldBe(1);
        await RefusedAsync(tenant, $"UPDATE {table} SET is_operators = true WHERE NOT is_operators");
    }

    [Fact]
    public async Task A_tenant_writes_no_price_and_nothing_of_the_floor()
    {
        var (tenant, _) = await control.TenantAsync();
        await ExecuteAsync(control.DatabaseSettings.Platform, tenant, Text(Guardrail, TenantId.Platform, ""));
        await ExecuteAsync(control.DatabaseSettings.Platform, tenant, Text(Price, TenantId.Platform, ""));

        await RefusedAsync(tenant, Text(Price, tenant, ""));
        await RefusedAsync(tenant, "UPDATE prices SET currency = 'USD'");
        await RefusedAsync(tenant, "DELETE FROM prices");
        await RefusedAsync(tenant, Text(Guardrail, TenantId.Platform, ""));
        (await ScalarAsync(tenant, "SELECT count(*) FROM prices")).ShouldBe(1);
        (await ScalarAsync(tenant, "SELECT count(*) FROM guardrail_policies")).ShouldBe(1);
        (await ChangedAsync(tenant, "UPDATE guardrail_policies SET enabled = false")).ShouldBe(0);
        (await ChangedAsync(tenant, "DELETE FROM guardrail_policies")).ShouldBe(0);
    }

    private static string Text(string insert, TenantId tenant, string isOperators) =>
        insert.Replace("{0}", tenant.ToString(), StringComparison.Ordinal).Replace("{1}", isOperators, StringComparison.Ordinal);

    private async Task RefusedAsync(TenantId tenant, string sql) =>
        (await Should.ThrowAsync<PostgresException>(() => ChangedAsync(tenant, sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    private Task<int> ChangedAsync(TenantId tenant, string sql) => ExecuteAsync(control.DatabaseSettings.Tenant, tenant, sql);

    private static async Task<int> ExecuteAsync(string connectionString, TenantId tenant, string sql)
    {
        await using var connection = await OpenAsync(connectionString, tenant);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<long> ScalarAsync(TenantId tenant, string sql)
    {
        await using var connection = await OpenAsync(control.DatabaseSettings.Tenant, tenant);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, TenantId tenant)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"SELECT set_config('app.tenant_id', '{tenant}', false)", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }
}
