using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Data;

/// <summary>One write while its transaction runs.</summary>
internal sealed class ConfigWrite(ControlDb db, long revision, TenantId tenant, WriteCall call, DateTimeOffset now)
{
    private readonly List<AuditEventRow> _audit = [];

    public ControlDb Db => db;

    /// <summary>The config revision that this write makes; 0 where it makes none.</summary>
    public long Revision => revision;

    /// <summary>The instant that the write's rows carry.</summary>
    public DateTimeOffset Now => now;

    public WriteCall Call => call;

    public HashSet<Affected> AffectedResources { get; } = [];

    public IReadOnlyList<AuditEventRow> AuditEvents => _audit;

    /// <summary>Has the resource compiled anew once the change is saved.</summary>
    /// <exception cref="InvalidOperationException">The write has no revision to stamp it with.</exception>
    public void Affects(Affected resource)
    {
        if (revision == 0)
            throw new InvalidOperationException("A write that agents do not hear of affects no resource.");
        AffectedResources.Add(resource);
    }

    /// <summary>Whether the caller has seen the version that is about to change; a lost race is 412.</summary>
    public bool IsStale(long version, [NotNullWhen(true)] out Failure? failure)
    {
        failure = call.ExpectedVersion is { } expected && expected != version ? Failure.Stale : null;
        return failure is not null;
    }

    /// <param name="action">Dotted, the thing first: <c>api-key.create</c>.</param>
    /// <param name="target">The id or name of what was acted on.</param>
    /// <param name="details">Never a secret.</param>
    public void Audit(string action, string target, JsonElement? details = null) => Add(tenant, action, target, null, null, details);

    /// <summary>A change of a resource, by its answers before and after, which hold no secret; null where there was none.</summary>
    /// <param name="details">What else is to be known, never a secret.</param>
    public void Audit<T>(string action, string target, T? before, T? after, JsonElement? details = null)
        where T : class =>
        Add(tenant, action, target, ToJson(before), ToJson(after), details);

    /// <summary>The same in another trail: a write of the platform that is about a tenant, or the other way round.</summary>
    public void AuditOf<T>(TenantId trail, string action, string target, T? before, T? after)
        where T : class =>
        Add(trail, action, target, ToJson(before), ToJson(after), null);

    /// <summary>Stores the events so far, for a change that has to find them in the table.</summary>
    public async Task StoreAuditAsync(CancellationToken ct)
    {
        db.AuditEvents.AddRange(_audit);
        _audit.Clear();
        await db.SaveChangesAsync(ct);
    }

    private void Add(TenantId trail, string action, string target, JsonElement? before, JsonElement? after, JsonElement? details) => _audit.Add(new()
    {
        TenantId = trail,
        Id = Guid.CreateVersion7(now),
        At = now,
        Actor = call.Actor.Principal,
        ActorKind = call.Actor.Kind,
        ActorName = call.Actor.Name,
        Address = call.Actor.Address,
        UserAgent = call.Actor.UserAgent,
        Outcome = AuditOutcomes.Success,
        Action = action,
        Target = target,
        Before = before,
        After = after,
        Details = details,
    });

    private static JsonElement? ToJson<T>(T? value)
        where T : class =>
        value is null ? null : JsonSerializer.SerializeToElement(value, JsonSerializerOptions.Web);
}
