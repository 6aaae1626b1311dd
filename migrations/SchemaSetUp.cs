using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Migrations;

/// <summary>Applies the migrations of both contexts as the owner, and makes the rows without which nothing starts.</summary>
internal static class SchemaSetUp
{
    public static async Task RunAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        var builder = new DbContextOptionsBuilder<ControlDb>();
        builder.UseControlDb(owner);
        await using var control = new ControlDb(builder.Options) { IsOwner = true };
        await control.Database.MigrateAsync(ct);

        await using var services = new ServiceCollection().AddIdentityDb(_ => owner).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IdentityDb>().Database.MigrateAsync(ct);

        await SeedAsync(control, ct);
    }

    private static async Task SeedAsync(ControlDb db, CancellationToken ct)
    {
        var group = AgentGroupName.Default.Value;
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO agent_groups (name, created_at) VALUES ({group}, now()) ON CONFLICT DO NOTHING", ct);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO tenants (id, name, slug, group_name, suspended, created_at)
             VALUES ({TenantId.Platform.Value}, 'Platform', 'platform', {group}, false, now()) ON CONFLICT DO NOTHING
             """, ct);
        var fingerprint = await DatabaseFingerprint.ReadAsync(db, ct);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO config_head (id, revision, epoch, database_fingerprint)
             VALUES (1, 0, gen_random_uuid(), {fingerprint})
             ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch, database_fingerprint = excluded.database_fingerprint
             WHERE config_head.database_fingerprint <> excluded.database_fingerprint
             """, ct);
    }
}
