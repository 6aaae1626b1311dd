using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.OpenAiAdmin;

/// <summary>OpenAI's filters of <c>audit_logs</c>; several of one kind are joined by or.</summary>
internal sealed record OpenAiAuditQuery
{
    private const int MaxValues = 100;

    /// <summary>Unix seconds.</summary>
    [FromQuery(Name = "effective_at[gt]")]
    public long? Above { get; init; }

    [FromQuery(Name = "effective_at[gte]")]
    public long? From { get; init; }

    [FromQuery(Name = "effective_at[lt]")]
    public long? Below { get; init; }

    [FromQuery(Name = "effective_at[lte]")]
    public long? To { get; init; }

    [FromQuery(Name = "project_ids[]")]
    public string[] Projects { get; init; } = [];

    [FromQuery(Name = "event_types[]")]
    public string[] Types { get; init; } = [];

    [FromQuery(Name = "actor_ids[]")]
    public string[] Actors { get; init; } = [];

    [FromQuery(Name = "actor_emails[]")]
    public string[] Emails { get; init; } = [];

    [FromQuery(Name = "resource_ids[]")]
    public string[] Resources { get; init; } = [];

    /// <exception cref="RequestPartException">A value cannot be.</exception>
    public IQueryable<AuditEventRow> In(ControlDb db, TenantId tenant)
    {
        foreach (var (name, values) in new[] { ("project_ids[]", Projects), ("event_types[]", Types), ("actor_ids[]", Actors), ("actor_emails[]", Emails), ("resource_ids[]", Resources) })
        {
            if (values.Length > MaxValues)
                throw new RequestPartException(name, $"has at most {MaxValues} values.");
        }
        var events = Projects.Length == 0
            ? db.AuditEvents.AsQueryable()
            : db.AuditEvents.FromSql($"SELECT * FROM audit_events WHERE target = ANY({Projects}) OR coalesce(after, before) ->> 'projectId' = ANY({Projects})");
        events = events.Where(e => e.TenantId == tenant);
        if (Actors.Length > 0)
            events = events.Where(e => Actors.Contains(e.Actor));
        if (Emails.Length > 0)
            events = events.Where(e => Emails.Contains(e.ActorName));
        if (Resources.Length > 0)
            events = events.Where(e => Resources.Contains(e.Target));
        return OfTypes(InTime(events));
    }

    /// <summary>In whole seconds, as the answer says them.</summary>
    private IQueryable<AuditEventRow> InTime(IQueryable<AuditEventRow> events)
    {
        if (Above is { } above)
            events = Since(events, "effective_at[gt]", above, 1);
        if (From is { } from)
            events = Since(events, "effective_at[gte]", from, 0);
        if (Below is { } below)
            events = Until(events, "effective_at[lt]", below, 0);
        return To is { } to ? Until(events, "effective_at[lte]", to, 1) : events;
    }

    private IQueryable<AuditEventRow> OfTypes(IQueryable<AuditEventRow> events)
    {
        if (Types.Length == 0)
            return events;
        var actions = Types.SelectMany(OpenAiEventTypes.ActionsOf).Distinct().ToList();
        var (succeeded, failed) = (Types.Contains(OpenAiEventTypes.LoginSucceeded), Types.Contains(OpenAiEventTypes.LoginFailed));
        return events.Where(e => actions.Contains(e.Action)
            || (e.Action.StartsWith(OpenAiEventTypes.SignIn)
                && ((succeeded && e.Outcome == AuditOutcomes.Success) || (failed && e.Outcome != AuditOutcomes.Success))));
    }

    private static IQueryable<AuditEventRow> Since(IQueryable<AuditEventRow> events, string name, long second, int more)
    {
        var instant = Instant(name, second).AddSeconds(more);
        return events.Where(e => e.At >= instant);
    }

    private static IQueryable<AuditEventRow> Until(IQueryable<AuditEventRow> events, string name, long second, int more)
    {
        var instant = Instant(name, second).AddSeconds(more);
        return events.Where(e => e.At < instant);
    }

    private static DateTimeOffset Instant(string name, long second) =>
        second is >= 0 and < 200_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(second) : throw new RequestPartException(name, "must be a time in unix seconds.");
}
