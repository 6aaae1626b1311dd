using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Tests.Agents;
using Platform.Control.Tests.Certificates;
using Platform.Control.Tests.Limits;
using Platform.Control.Tests.Members;
using Platform.Control.Tests.Usage;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Tenants;

/// <summary>The end of a tenant: nothing of it is left but the ledger, which holds ids.</summary>
public sealed class ClosingTests(ControlApp control, Servers servers) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_secret_or_personal_is_left_of_a_closed_tenant_and_the_ledger_is_as_it_was()
    {
        using var http = await control.OperatorAsync();
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var mark = "zq" + Guid.NewGuid().ToString("N")[..12];
        var tenant = (await http.CreateAsync<TenantAnswer>("/api/v1/tenants", new { name = $"{mark} Limited", slug = mark })).Id;
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner, $"owner-{mark}@people.example");
        await FilledTenant.FillAsync(owner.Http, tenant, mark);
        var client = await ProgramAsync(tenant, mark);
        await TrafficAsync(owner.Http, tenant, mark);
        var invited = $"invited-{mark}@people.example";
        await owner.Http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/tenants/{tenant}/invitations", new { email = invited, role = "admin" });
        await LedgerAsync(tenant);
        var before = await LedgerTextAsync(tenant);
        before.Count.ShouldBe(4);
        (await FoundAsync(mark)).ShouldNotBeEmpty();

        using var wrong = await owner.Http.PostAsync($"/api/v1/tenants/{tenant}/close", new { slug = "another" });
        using var tried = await owner.Http.PostAsync($"/api/v1/tenants/{tenant}/close?dryRun=true", new { slug = mark });
        (await owner.Http.GetAsync<TenantAnswer>($"/api/v1/tenants/{tenant}")).Slug.ShouldBe(mark);
        using var closed = await owner.Http.PostAsync($"/api/v1/tenants/{tenant}/close", new { slug = mark });

        (await wrong.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty("slug", out _).ShouldBeTrue();
        var tombstones = (await tried.ShouldBeAsync<DryRunAnswer<TenantAnswer>>(HttpStatusCode.OK)).Agents;
        tombstones.Select(t => t.Kind).Order().ShouldBe([ConfigKinds.KeyShard, ConfigKinds.Pool, ConfigKinds.Tenant]);
        tombstones.ShouldAllBe(t => t.Document == null);
        (await closed.ShouldBeAsync<TenantAnswer>(HttpStatusCode.OK)).ClosedAt.ShouldNotBeNull();
        (await agent.CatchUpAsync()).Resources.ShouldNotContain(r => r.TenantId == tenant && r.Document != null);
        (await FoundAsync(mark)).ShouldBeEmpty();
        (await FoundAsync(FilledTenant.ProviderKey)).ShouldBeEmpty();
        (await FoundAsync(client)).ShouldBeEmpty();
        await control.Database.InPlatformAsync(
            async (db, ct) =>
            {
                (await db.TrafficPolicies.AnyAsync(t => t.TenantId == tenant, ct)).ShouldBeFalse();
                (await db.ClientCertificates.AnyAsync(c => c.TenantId == tenant, ct)).ShouldBeFalse();
                (await db.Pools.Where(p => p.TenantId == tenant).Select(p => p.TrustedAuthorities).ToListAsync(ct)).ShouldAllBe(a => a == null);
                return true;
            },
            Cancel);
        (await LedgerTextAsync(tenant)).ShouldBe(before, ignoreOrder: true);
        using var gone = await owner.Http.GetAsync($"/api/v1/tenants/{tenant}", Cancel);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await http.CreateAsync<TenantAnswer>("/api/v1/tenants", new { name = "Next", slug = mark });
    }

    [Fact]
    public async Task The_trail_of_a_closed_tenant_says_what_was_done_by_pseudonyms_that_hold_together()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        await FilledTenant.FillAsync(admin, tenant);
        var slug = (await admin.GetAsync<TenantAnswer>($"/api/v1/tenants/{tenant}")).Slug;

        using var closed = await http.PostAsync($"/api/v1/operator/tenants/{tenant}/close", new { slug });
        using var again = await http.PostAsync($"/api/v1/operator/tenants/{tenant}/close", new { slug });
        using var suspended = await http.PostAsync($"/api/v1/operator/tenants/{tenant}/suspend", new { reason = "late" });

        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        await suspended.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.TenantClosed);
        var trail = (await http.GetAsync<Page<AuditEventAnswer>>($"/api/v1/operator/audit-events?tenantId={tenant}")).Items;
        trail.Select(e => e.Action).ShouldBe(["tenant.close", "api-key.create", "model.create", "pool.create", "project.create", "tenant.create"], ignoreOrder: true);
        trail.ShouldAllBe(e => e.Actor.StartsWith("erased-") && e.ActorName == null && e.Address == null && e.UserAgent == null && e.Before == null && e.After == null && e.Details == null);
        trail.Where(e => e.Action.EndsWith(".create", StringComparison.Ordinal) && e.Action != "tenant.create").Select(e => e.Actor).Distinct().Count().ShouldBe(1);
        trail.Select(e => e.Actor).Distinct().Count().ShouldBeGreaterThan(1);
        var platforms = await http.GetAsync<Page<AuditEventAnswer>>($"/api/v1/operator/audit-events?target={tenant}");
        platforms.Items.ShouldHaveSingleItem().Action.ShouldBe("tenant.close");
    }

    [Fact]
    public async Task The_trail_of_a_tenant_that_is_not_closed_is_not_to_be_erased_and_by_no_other_role()
    {
        var (tenant, _) = await control.TenantAsync();

        (await Should.ThrowAsync<PostgresException>(() => EraseAsync(control.DatabaseSettings.Platform, tenant))).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await Should.ThrowAsync<PostgresException>(() => EraseAsync(control.DatabaseSettings.Platform, TenantId.Platform))).SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await Should.ThrowAsync<PostgresException>(() => EraseAsync(control.DatabaseSettings.Tenant, tenant))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(() => EraseAsync(control.DatabaseSettings.Ingest, tenant))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        foreach (var statement in new[] { "UPDATE audit_events SET actor = 'nobody'", "DELETE FROM audit_events" })
        {
            (await Should.ThrowAsync<PostgresException>(() => control.Database.InPlatformAsync((db, ct) => db.Database.ExecuteSqlRawAsync(statement, ct), Cancel)))
                .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
    }

    [Fact]
    public async Task An_export_has_everything_but_secrets_and_is_on_record()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var owner = await Person.NewAsync(control, tenant, TenantRoles.Owner);
        var key = await FilledTenant.FillAsync(owner.Http, tenant, "exported");
        await TrafficAsync(owner.Http, tenant, "exported");
        var link = (await owner.Http.CreateAsync<CreatedInvitationAnswer>($"/api/v1/tenants/{tenant}/invitations", new { email = "i@example.com", role = "admin" })).AcceptUrl!;

        using var refused = await admin.GetAsync($"/api/v1/tenants/{tenant}/export", Cancel);
        var text = await owner.Http.GetStringAsync($"/api/v1/tenants/{tenant}/export", Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var export = JsonDocument.Parse(text).RootElement;
        export.GetProperty("tenant")[0].GetProperty("id").GetString().ShouldBe(tenant.ToString());
        foreach (var (part, name) in new[] { ("projects", "exported project"), ("pools", "exported pool"), ("apiKeys", "exported key"), ("models", "exported-model") })
            export.GetProperty(part)[0].GetProperty("name").GetString().ShouldBe(name);
        export.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("email").GetString()).ShouldContain(owner.Email);
        export.GetProperty("auditEvents").EnumerateArray().Select(e => e.GetProperty("action").GetString()).ShouldContain("tenant.export");
        export.GetProperty("apiKeys")[0].TryGetProperty("hash", out _).ShouldBeFalse();
        export.GetProperty("providerKeys")[0].TryGetProperty("sealed", out _).ShouldBeFalse();
        export.GetProperty("trafficPolicies")[0].GetProperty("spec").GetProperty("corsOrigins")[0].GetString().ShouldBe("https://exported.example");
        export.GetProperty("clientCertificates")[0].GetProperty("subject").GetString().ShouldBe("CN=exported.example");
        export.GetProperty("clientCertificates")[0].TryGetProperty("sealed", out _).ShouldBeFalse();
        text.ShouldNotContain(FilledTenant.ProviderKey);
        text.ShouldNotContain(key.Key![ApiKeyFormat.PrefixLength..]);
        text.ShouldNotContain(link.Query[7..]);
    }

    [Fact]
    public async Task What_was_being_written_when_a_tenant_closed_is_erased_with_it()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var slug = (await admin.GetAsync<TenantAnswer>($"/api/v1/tenants/{tenant}")).Slug;
        var (written, closing) = (new TaskCompletionSource(), new TaskCompletionSource());
        var write = control.Services.GetRequiredService<ConfigWriter>().UnheardInTenantAsync<string>(tenant, TestCall.Make(), async (w, ct) =>
        {
            w.Audit("late", "target", JsonSerializer.SerializeToElement("personal"));
            written.TrySetResult();
            await closing.Task.WaitAsync(ct);
            return "";
        }, Cancel);
        await written.Task.WaitAsync(Cancel);

        var close = http.PostAsync($"/api/v1/operator/tenants/{tenant}/close", new { slug });
        await Task.WhenAny(close, Task.Delay(TimeSpan.FromSeconds(1), Cancel));
        closing.SetResult();

        using var closed = await close;
        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await write).Failed.ShouldBeFalse();
        var late = await control.Database.InPlatformAsync((db, ct) => db.AuditEvents.SingleAsync(a => a.TenantId == tenant && a.Action == "late", ct), Cancel);
        late.Details.ShouldBeNull();
    }

    [Fact]
    public async Task Nobody_enters_a_closed_tenant_and_who_tried_is_in_the_platforms_trail_only()
    {
        using var http = await control.OperatorAsync();
        var (tenant, admin) = await control.TenantAsync();
        var slug = (await admin.GetAsync<TenantAnswer>($"/api/v1/tenants/{tenant}")).Slug;
        using var closed = await http.PostAsync($"/api/v1/operator/tenants/{tenant}/close", new { slug });
        var caller = await control.OperatorWithTokenAsync();

        using var refused = await control.ExchangeAsync(caller, tenant);

        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var trails = await control.Database.InPlatformAsync(
            (db, ct) => db.AuditEvents.Where(a => a.Action == "tenant.enter" && a.Target == tenant.ToString()).Select(a => a.TenantId).ToListAsync(ct), Cancel);
        trails.ShouldBe([TenantId.Platform]);
    }

    /// <summary>A traffic policy, authorities and a client certificate.</summary>
    private static async Task TrafficAsync(HttpClient owner, TenantId tenant, string mark)
    {
        using var root = Pems.Authority(mark);
        using var leaf = Pems.Leaf(root, $"CN={mark}.example");
        var path = $"/api/v1/tenants/{tenant}";
        var pool = (await owner.GetAsync<Page<PoolAnswer>>($"{path}/pools")).Items[0];
        await owner.ReplaceAsync<PoolAnswer>(
            $"{path}/pools/{pool.Id}", new UpdatePoolRequest { Name = pool.Name, Engine = pool.Engine, TrustedAuthorities = [root.ExportCertificatePem()] });
        await owner.ReplaceAsync<ClientCertificateAnswer>($"{path}/pools/{pool.Id}/client-certificate", Pems.Request(leaf));
        await owner.ReplaceAsync<TrafficPolicyAnswer>($"{path}/traffic-policy", new TrafficPolicyRequest { CorsOrigins = [$"https://{mark}.example"] });
    }

    private static async Task EraseAsync(string connectionString, TenantId tenant)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT erase_audit_events($1)", connection) { Parameters = { new() { Value = tenant.Value } } };
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>A program with an OAuth client and an identity provider beside it.</summary>
    private async Task<string> ProgramAsync(TenantId tenant, string mark)
    {
        var (id, _) = await control.ClientAsync();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.ServiceClients.Add(new() { TenantId = tenant, Id = Guid.NewGuid(), ClientId = id, Name = $"{mark} program", CreatedBy = mark, CreatedAt = DateTimeOffset.UtcNow });
                db.Memberships.Add(new() { TenantId = tenant, Principal = id, Role = TenantRoles.Developer, CreatedAt = DateTimeOffset.UtcNow });
                db.IdentityProviders.Add(new()
                {
                    TenantId = tenant,
                    Id = Guid.NewGuid(),
                    Name = mark,
                    Issuer = $"https://{mark}.example",
                    ClientId = mark,
                    Domain = $"{mark}.example",
                    VerificationToken = mark,
                    GroupsClaim = "groups",
                    RoleMapping = JsonSerializer.SerializeToElement(new { }),
                    CreatedAt = DateTimeOffset.UtcNow,
                });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        return id;
    }

    /// <summary>Usage, the way that agents bring it.</summary>
    private async Task LedgerAsync(TenantId tenant)
    {
        var agent = new SigningAgent();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Agents.Add(agent.Row(AgentGroupName.Default));
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        await control.Services.GetRequiredService<UsageIntake>().HandleAsync(agent.Batch(agent.Record(tenant, 1), agent.Record(tenant, 2)), Cancel);
    }

    private Task<List<string>> LedgerTextAsync(TenantId tenant) => control.Database.InPlatformAsync(
        (db, ct) => db.Database.SqlQuery<string>(
            $"""
             SELECT u::text AS "Value" FROM usage_records u WHERE tenant_id = {tenant.Value}
             UNION ALL SELECT u::text FROM usage_hourly u WHERE tenant_id = {tenant.Value}
             UNION ALL SELECT u::text FROM usage_daily u WHERE tenant_id = {tenant.Value}
             """).ToListAsync(ct),
        Cancel);

    /// <summary>The tables in which a text is; but those of accounts, which belong to people and not to a tenant.</summary>
    private async Task<List<string>> FoundAsync(string text)
    {
        await using var owner = new NpgsqlConnection(servers.Owner(control.DatabaseSettings));
        await owner.OpenAsync(Cancel);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'identity') AND tablename NOT IN ('users')", owner))
        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            while (await reader.ReadAsync(Cancel))
                tables.Add(reader.GetString(0));
        }
        tables.ShouldContain("identity.clients");
        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table} t WHERE position($1 in t::text) > 0", owner) { Parameters = { new() { Value = text } } };
            if (await command.ExecuteScalarAsync(Cancel) is > 0L)
                found.Add(table);
        }
        return found;
    }
}
