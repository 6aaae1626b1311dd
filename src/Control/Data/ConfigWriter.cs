using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Data;

/// <summary>
/// A write that agents must hear of, in one transaction and in this order: the revision (whose row lock lets no other
/// write compile on older data), the change, the affected resources, the audit event, the notification.
/// </summary>
internal sealed class ConfigWriter(Database database, ConfigCompiler compiler, TimeProvider time)
{
    /// <summary>The channel that the publisher listens on.</summary>
    public const string Channel = "config_changed";

    /// <summary>A tenant's change, under the tenant's own rights.</summary>
    public Task<Outcome<T>> InTenantAsync<T>(
        TenantId tenant, string actor, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InTenantAsync(tenant, (db, token) => RunAsync(db, tenant, actor, change, token), ct));

    /// <summary>A change by the platform, for example a new tenant or group; <paramref name="tenant"/> is whom the audit event belongs to.</summary>
    public Task<Outcome<T>> InPlatformAsync<T>(
        TenantId tenant, string actor, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InPlatformAsync((db, token) => RunAsync(db, tenant, actor, change, token), ct));

    /// <summary>A tenant's change that no agent needs to hear of: no revision, and no lock that others wait for.</summary>
    public Task<Outcome<T>> UnheardInTenantAsync<T>(
        TenantId tenant, string actor, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        NamedAsync(() => database.InTenantAsync(
            tenant, (db, token) => SaveAsync(new(db, 0, tenant, actor, Now), change, token), ct));

    private async Task<Outcome<T>> RunAsync<T>(
        ControlDb db, TenantId tenant, string actor, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct)
    {
        var revisions = await db.Database
            .SqlQuery<long>($"UPDATE config_head SET revision = revision + 1 RETURNING revision AS \"Value\"")
            .ToListAsync(ct);
        var write = new ConfigWrite(db, revisions.Single(), tenant, actor, Now);
        var outcome = await SaveAsync(write, change, ct);
        if (!outcome.Failed)
            await db.Database.ExecuteSqlRawAsync($"NOTIFY {Channel}", ct);
        return outcome;
    }

    private async Task<Outcome<T>> SaveAsync<T>(
        ConfigWrite write, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct)
    {
        var outcome = await change(write, ct);
        if (outcome.Failed)
            return outcome;
        await write.Db.SaveChangesAsync(ct);
        write.Db.ChangeTracker.Clear();
        if (write.AffectedResources.Count > 0)
            await compiler.CompileAsync(write.Db, write.Revision, write.AffectedResources, ct);
        write.Db.AuditEvents.AddRange(write.AuditEvents);
        await write.Db.SaveChangesAsync(ct);
        return outcome;
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

    private static async Task<Outcome<T>> NamedAsync<T>(Func<Task<Outcome<T>>> write)
    {
        try
        {
            return await write();
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } p && IsName(p))
        {
            return new Failure(StatusCodes.Status409Conflict, ProblemCodes.NameTaken, "The name is taken.");
        }
    }

    private static bool IsName(PostgresException e) =>
        e.ConstraintName is { } name && (name.EndsWith("_name", StringComparison.Ordinal) || name.EndsWith("_slug", StringComparison.Ordinal));
}

/// <summary>One config-changing transaction while it runs.</summary>
internal sealed class ConfigWrite(ControlDb db, long revision, TenantId tenant, string actor, DateTimeOffset now)
{
    public ControlDb Db => db;

    /// <summary>The config revision that this write makes; 0 where it makes none.</summary>
    public long Revision => revision;

    /// <summary>The instant that the write's rows carry.</summary>
    public DateTimeOffset Now => now;

    public string Actor => actor;

    public HashSet<Affected> AffectedResources { get; } = [];

    public List<AuditEventRow> AuditEvents { get; } = [];

    /// <summary>Has the resource compiled anew once the change is saved.</summary>
    /// <exception cref="InvalidOperationException">The write has no revision to stamp it with.</exception>
    public void Affects(Affected resource)
    {
        if (revision == 0)
            throw new InvalidOperationException("A write that agents do not hear of affects no resource.");
        AffectedResources.Add(resource);
    }

    /// <param name="action">Dotted, the thing first: <c>api-key.create</c>.</param>
    /// <param name="target">The id or name of what was acted on.</param>
    /// <param name="details">Never a secret.</param>
    public void Audit(string action, string target, JsonElement? details = null) =>
        AuditEvents.Add(new()
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            At = now,
            Actor = actor,
            ActorKind = ActorKinds.User,
            Outcome = AuditOutcomes.Success,
            Action = action,
            Target = target,
            Details = details,
        });
}
