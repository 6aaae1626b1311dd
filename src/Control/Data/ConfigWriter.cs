using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Delivery;

namespace Platform.Control.Data;

/// <summary>
/// A write in one transaction and in this order: the idempotency key, the revision (whose row lock lets no other write
/// compile on older data), the change, the affected resources, the audit event, the notification. A dry run does the
/// same without the lock, and rolls back.
/// </summary>
internal sealed class ConfigWriter(Database database, ConfigCompiler compiler, TimeProvider time)
{
    /// <summary>The channel that the publisher listens on.</summary>
    public const string Channel = "config_changed";

    private static readonly Failure Gone = Failure.NotFound("tenant");

    /// <summary>A tenant's change, under the tenant's own rights.</summary>
    public Task<Written<T>> InTenantAsync<T>(
        TenantId tenant, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InTenantAsync(tenant, (db, token) => OnceAsync(db, tenant, call, InOpenTenant(tenant, change), heard: true, token), ct));

    /// <summary>A change by the platform, for example a new tenant or group; <paramref name="tenant"/> is whom the audit event belongs to.</summary>
    public Task<Written<T>> InPlatformAsync<T>(
        TenantId tenant, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InPlatformAsync((db, token) => OnceAsync(db, tenant, call, change, heard: true, token), ct));

    /// <summary>A tenant's change that no agent needs to hear of: no revision, and no lock that others wait for.</summary>
    public Task<Written<T>> UnheardInTenantAsync<T>(
        TenantId tenant, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InTenantAsync(
            tenant,
            async (db, token) => await HoldOpenAsync(db, token) ? await OnceAsync(db, tenant, call, change, heard: false, token) : new() { Failure = Gone },
            ct));

    /// <inheritdoc cref="UnheardInTenantAsync{T}"/>
    public Task<Written<T>> UnheardInPlatformAsync<T>(
        TenantId tenant, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InPlatformAsync((db, token) => OnceAsync(db, tenant, call, change, heard: false, token), ct));

    /// <summary>
    /// A tenant that was closed after the caller's rights were read takes nothing any more: what it were given would never
    /// be erased. A heard write looks under the revision's lock, which closing takes too.
    /// </summary>
    private static Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> InOpenTenant<T>(
        TenantId tenant, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change) =>
        async (write, ct) => await write.Db.Tenants.AnyAsync(t => t.Id == tenant && t.ClosedAt != null, ct)
            ? Gone
            : await change(write, ct);

    /// <summary>
    /// The same for an unheard write, which holds the tenant's row open until it has ended: closing waits for it, other
    /// writes do not. First of all locks, as closing takes the row before it touches any other row of the tenant.
    /// </summary>
    private static async Task<bool> HoldOpenAsync(ControlDb db, CancellationToken ct) =>
        (await db.Database.SqlQuery<bool>($"SELECT hold_open_tenant() AS \"Value\"").ToListAsync(ct)).Single();

    private async Task<Written<T>> OnceAsync<T>(
        ControlDb db, TenantId tenant, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, bool heard, CancellationToken ct)
    {
        var now = Now;
        var keys = new IdempotencyKeys(db, tenant, call, now);
        var (taken, before) = await keys.ReserveAsync(ct);
        if (!taken)
            return keys.Refusal is { } refusal ? new() { Failure = refusal } : new() { Value = IdempotencyKeys.Read<T>(before), IsReplay = true };

        var write = new ConfigWrite(db, heard ? await NextRevisionAsync(db, call.DryRun, ct) : 0, tenant, call, now);
        var outcome = await change(write, ct);
        if (outcome.Failed)
            return new() { Failure = outcome.Failure };
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        var compiled = write.AffectedResources.Count > 0
            ? await compiler.CompileAsync(db, write.Revision, write.AffectedResources, ct)
            : [];
        if (call.DryRun)
            return new() { Value = outcome.Value, Preview = compiled };

        db.AuditEvents.AddRange(write.AuditEvents);
        await db.SaveChangesAsync(ct);
        await keys.KeepAsync(outcome.Value, ct);
        if (heard)
            await db.Database.ExecuteSqlRawAsync($"NOTIFY {Channel}", ct);
        return new() { Value = outcome.Value };
    }

    private static async Task<long> NextRevisionAsync(ControlDb db, bool dryRun, CancellationToken ct)
    {
        var revisions = dryRun
            ? db.Database.SqlQuery<long>($"SELECT revision + 1 AS \"Value\" FROM config_head")
            : db.Database.SqlQuery<long>($"UPDATE config_head SET revision = revision + 1 RETURNING revision AS \"Value\"");
        return (await revisions.ToListAsync(ct)).Single();
    }

    /// <summary>In the database's resolution, microseconds, so that an answer says what later reads say.</summary>
    private DateTimeOffset Now
    {
        get
        {
            var now = time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    private static async Task<Written<T>> NamedAsync<T>(Func<Task<Written<T>>> write)
    {
        try
        {
            return await write();
        }
        catch (DbUpdateConcurrencyException)
        {
            return new() { Failure = Failure.Stale };
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } p && IsName(p))
        {
            return new() { Failure = Failure.Conflict(ProblemCodes.NameTaken, "The name is taken.") };
        }
    }

    private static bool IsName(PostgresException e) =>
        e.ConstraintName is { } name
        && (name.EndsWith("_name", StringComparison.Ordinal) || name.EndsWith("_slug", StringComparison.Ordinal) || name.EndsWith("_scope", StringComparison.Ordinal));
}
