using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.OpenAiAdmin;

/// <summary>A tenant's audit trail as OpenAI's <c>audit_logs</c>, newest first.</summary>
internal static class OpenAiAuditLogs
{
    public static async Task<OpenAiList<OpenAiAuditLog>> ListAsync(
        CallerRights caller,
        [AsParameters] OpenAiAuditQuery query,
        Database database,
        CancellationToken ct,
        int? limit = null,
        string? after = null,
        string? before = null)
    {
        if (after is not null && before is not null)
            throw new RequestPartException("before", "cannot be asked for together with after.");
        var tenant = caller.Tenant!.Value;

        // What is before an event in the list is newer than it: read upwards from it, then shown newest first as ever.
        var page = before is null
            ? OpenAiPages.Query(limit, after, Sorts<object>.NewestFirst)
            : OpenAiPages.Query(limit, before, Sorts<object>.OldestFirst, nameof(before));
        var found = await database.InTenantAsync(tenant, (db, token) => query.In(db, tenant).ToPageAsync(e => e.Id, page, Answer, token), ct);
        return OpenAiPages.List(before is null ? found : found with { Items = [.. found.Items.Reverse()] }, e => e.Id);
    }

    private static OpenAiAuditLog Answer(AuditEventRow row)
    {
        var type = OpenAiEventTypes.Of(row.Action, row.Outcome);
        return new(row.Id.ToString("D"), type, row.At.ToUnixTimeSeconds(), ProjectOf(row), ActorOf(row))
        {
            Payload = new Dictionary<string, JsonElement> { [type] = PayloadOf(type, row) },
        };
    }

    private static OpenAiAuditProject? ProjectOf(AuditEventRow row)
    {
        var thing = row.After ?? row.Before;
        return row.Action.StartsWith("project.", StringComparison.Ordinal) ? new(row.Target, Text(thing, "name"))
            : Text(thing, "projectId") is { } project ? new(project, null)
            : null;
    }

    private static OpenAiAuditActor ActorOf(AuditEventRow row) => row.ActorKind is ActorKinds.User or ActorKinds.Operator
        ? new("session", new(new(row.Actor, row.ActorName), row.Address), null)
        : new("api_key", null, new("service_account", new(row.Actor)));

    private static JsonElement PayloadOf(string type, AuditEventRow row)
    {
        var payload = new JsonObject { ["id"] = row.Target };
        if (type == OpenAiEventTypes.LoginFailed)
            (payload["error_code"], payload["error_message"]) = (row.Outcome, Text(row.Details, "reason"));
        else if (row.After is { } after)
            payload[type.EndsWith(".updated", StringComparison.Ordinal) ? "changes_requested" : "data"] = JsonNode.Parse(after.GetRawText());
        else if (row.Details is { } details)
            payload["data"] = JsonNode.Parse(details.GetRawText());
        return JsonSerializer.SerializeToElement(payload);
    }

    private static string? Text(JsonElement? thing, string member) =>
        thing is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
