using Microsoft.AspNetCore.Mvc;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Audit;

/// <summary>Which events of a trail.</summary>
internal sealed record AuditQuery
{
    private const int MaxLength = 300;

    /// <summary>The actor's principal.</summary>
    [FromQuery(Name = "actor")]
    public string? Actor { get; init; }

    /// <summary>An action, or how its name begins: <c>project.</c>.</summary>
    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    /// <summary>The id of what was acted on.</summary>
    [FromQuery(Name = "target")]
    public string? Target { get; init; }

    /// <summary>success, denied or failed.</summary>
    [FromQuery(Name = "outcome")]
    public string? Outcome { get; init; }

    /// <summary>Inclusive.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }

    /// <exception cref="RequestPartException">A part is none that there is.</exception>
    public AuditQuery Checked()
    {
        foreach (var (name, text) in new[] { ("actor", Actor), ("action", Action), ("target", Target) })
        {
            if (text?.Length > MaxLength)
                throw new RequestPartException(name, $"has at most {MaxLength} characters.");
        }
        if (Outcome is not (null or AuditOutcomes.Success or AuditOutcomes.Denied or AuditOutcomes.Failed))
            throw new RequestPartException("outcome", "must be one of success, denied, failed.");
        return this with { From = From?.ToUniversalTime(), To = To?.ToUniversalTime() };
    }

    public IQueryable<AuditEventRow> In(ControlDb db, TenantId trail)
    {
        var events = db.AuditEvents.Where(e => e.TenantId == trail);
        if (Actor is not null)
            events = events.Where(e => e.Actor == Actor);
        if (Action is not null)
            events = events.Where(e => e.Action.StartsWith(Action));
        if (Target is not null)
            events = events.Where(e => e.Target == Target);
        if (Outcome is not null)
            events = events.Where(e => e.Outcome == Outcome);
        if (From is not null)
            events = events.Where(e => e.At >= From);
        if (To is not null)
            events = events.Where(e => e.At < To);
        return events;
    }
}
