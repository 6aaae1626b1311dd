using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Tests.Data;

public sealed class UnitOfWorkTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_outside_a_unit_of_work_throws()
    {
        var builder = new DbContextOptionsBuilder<ControlDb>();
        builder.UseControlDb(NpgsqlDataSource.Create(control.DatabaseSettings.Platform));
        await using var db = new ControlDb(builder.Options);

        await Should.ThrowAsync<InvalidOperationException>(() => db.Tenants.ToListAsync(Cancel));
        await Should.ThrowAsync<InvalidOperationException>(() => db.Tenants.CountAsync(Cancel));
        await Should.ThrowAsync<InvalidOperationException>(() => db.Tenants.ExecuteDeleteAsync(Cancel));
        await Should.ThrowAsync<InvalidOperationException>(() => db.Database.ExecuteSqlRawAsync("SELECT 1", Cancel));
        Should.Throw<InvalidOperationException>(() => db.Tenants.ToList());
        db.Operators.Add(new() { Principal = "x", Role = "operator" });
        (await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel))).InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task A_context_that_outlives_its_unit_of_work_reads_nothing()
    {
        var kept = await control.Database.InPlatformAsync((db, _) => Task.FromResult(db), Cancel);

        await Should.ThrowAsync<ObjectDisposedException>(() => kept.Tenants.ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_delegate_that_runs_again_starts_from_a_clean_context()
    {
        var (tenant, _) = await control.TenantAsync();
        var runs = 0;

        var names = await control.Database.InTenantAsync(
            tenant,
            async (db, ct) =>
            {
                db.ChangeTracker.Entries().ShouldBeEmpty();
                db.Projects.Add(new() { TenantId = tenant, Id = ProjectId.New(), Name = "once", CreatedAt = DateTimeOffset.UtcNow });
                await db.SaveChangesAsync(ct);
                if (++runs == 1)
                    throw new NpgsqlException("a fault that passes", new TimeoutException());
                return await db.Projects.Select(p => p.Name).ToListAsync(ct);
            },
            Cancel);

        runs.ShouldBe(2);
        names.ShouldBe(["once"]);
    }

    [Fact]
    public async Task A_streaming_delegate_runs_once()
    {
        var (tenant, _) = await control.TenantAsync();
        var runs = 0;

        await Should.ThrowAsync<NpgsqlException>(() => control.Database.StreamInTenantAsync(
            tenant,
            (_, _) =>
            {
                runs++;
                throw new NpgsqlException("a fault that passes", new TimeoutException());
            },
            Cancel));

        runs.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_outcome_leaves_nothing_behind_not_even_a_revision()
    {
        var (tenant, _) = await control.TenantAsync();
        var before = await RevisionAsync();

        var outcome = await Writer.InTenantAsync<bool>(
            tenant,
            TestCall.Make(),
            async (write, ct) =>
            {
                write.Db.Projects.Add(Project(tenant, "never"));
                await write.Db.SaveChangesAsync(ct);
                return new Failure(422, "no", "No.");
            },
            Cancel);

        outcome.Failed.ShouldBeTrue();
        (await RevisionAsync()).ShouldBe(before);
        (await control.Database.InTenantAsync(tenant, (db, ct) => db.Projects.CountAsync(ct), Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Each_write_makes_one_revision_and_its_resources_carry_it()
    {
        var (tenant, _) = await control.TenantAsync();
        var before = await RevisionAsync();
        long revision = 0;

        await Writer.InTenantAsync<bool>(
            tenant,
            TestCall.Make(),
            (write, _) =>
            {
                revision = write.Revision;
                write.Db.Models.Add(new() { TenantId = tenant, Id = ModelId.New(), Name = ModelName.Parse("m"), CreatedAt = write.Now });
                write.Affects(Affected.Tenant(tenant));
                write.Audit("test.change", "m");
                return Task.FromResult<Outcome<bool>>(true);
            },
            Cancel);

        revision.ShouldBe(before + 1);
        (await RevisionAsync()).ShouldBe(revision);
        var stored = await control.Database.InTenantAsync(
            tenant, (db, ct) => db.ConfigResources.Where(r => r.Kind == "tenant").Select(r => r.Revision).SingleAsync(ct), Cancel);
        stored.ShouldBe(revision);
        var events = await control.Database.InTenantAsync(tenant, (db, ct) => db.AuditEvents.Where(e => e.Actor == "test").ToListAsync(ct), Cancel);
        events.ShouldHaveSingleItem().Action.ShouldBe("test.change");
    }

    [Fact]
    public async Task Writes_at_once_take_turns_and_each_has_a_revision_of_its_own()
    {
        var (tenant, _) = await control.TenantAsync();

        var revisions = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await Writer.InTenantAsync<long>(
            tenant, TestCall.Make(), (write, _) => Task.FromResult<Outcome<long>>(write.Revision), Cancel)).Value));

        revisions.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public async Task Whoever_listens_hears_of_a_write_after_its_commit()
    {
        var (tenant, _) = await control.TenantAsync();
        await using var listener = await control.Database.OpenPlatformSessionAsync(Cancel);
        await using (var listen = new NpgsqlCommand($"LISTEN {ConfigWriter.Channel}", listener))
            await listen.ExecuteNonQueryAsync(Cancel);

        await Writer.InTenantAsync<bool>(tenant, TestCall.Make(), (_, _) => Task.FromResult<Outcome<bool>>(true), Cancel);

        (await listener.WaitAsync(TimeSpan.FromSeconds(5), Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_that_agents_do_not_hear_of_has_no_revision_to_give()
    {
        var (tenant, _) = await control.TenantAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => Writer.UnheardInTenantAsync<bool>(
            tenant,
            TestCall.Make(),
            (write, _) =>
            {
                write.Affects(Affected.Tenant(tenant));
                return Task.FromResult<Outcome<bool>>(true);
            },
            Cancel));
    }

    private ConfigWriter Writer => (ConfigWriter)control.Services.GetService(typeof(ConfigWriter))!;

    private Task<long> RevisionAsync() =>
        control.Database.InPlatformAsync((db, ct) => db.ConfigHeads.Select(h => h.Revision).SingleAsync(ct), Cancel);

    private static ProjectRow Project(TenantId tenant, string name) =>
        new() { TenantId = tenant, Id = ProjectId.New(), Name = name, CreatedAt = DateTimeOffset.UtcNow };
}
