using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Exports;

namespace Platform.Control.Tenants;

/// <summary>
/// Everything that the platform holds of a tenant but its usage in detail, as one JSON document that is written as it is
/// read. Secrets are left out by the type of their columns: what is sealed or hashed is stored as bytes, and nothing else is.
/// </summary>
internal static class TenantExport
{
    private static readonly (string Name, string Table)[] Parts =
    [
        ("projects", "projects"), ("apiKeys", "api_keys"), ("pools", "pools"), ("endpoints", "endpoints"), ("providerKeys", "provider_keys"),
        ("clientCertificates", "client_certificates"),
        ("models", "models"), ("modelTargets", "model_targets"), ("members", "memberships"), ("invitations", "invitations"),
        ("identityProviders", "identity_providers"), ("serviceClients", "service_clients"), ("quotas", "quotas"), ("budgets", "budgets"),
        ("guardrailPolicies", "guardrail_policies"), ("isolationPolicies", "isolation_policies"), ("trafficPolicies", "traffic_policies"), ("prices", "prices"),
        ("usageDaily", "usage_daily"), ("auditEvents", "audit_events"),
    ];

    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> ExportAsync(
        TenantId tenantId, HttpContext context, CallerRights caller, Database database, ConfigWriter writer, ExportPlaces places, CancellationToken ct)
    {
        if (!places.TryTake(context, tenantId, out var taken, out var refusal))
            return refusal;
        using var place = taken;

        // Nothing leaves that is not in the trail: the record is a write of its own, whatever the request asks for.
        var recorded = await writer.UnheardInTenantAsync<string>(
            tenantId,
            new(Actor.Of(context, caller)) { Caller = caller },
            (write, _) =>
            {
                write.Audit("tenant.export", tenantId.ToString());
                return Task.FromResult<Outcome<string>>("");
            },
            ct);
        if (recorded.Failed)
            return recorded.Failure.ToProblem();
        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"tenant-{tenantId}.json\"";
        response.Headers.CacheControl = "no-store";
        await place.WriteAsync(
            context, (output, token) => database.StreamInTenantAsync(tenantId, (db, inner) => WriteAsync(output, db, tenantId, inner), token), ct);
        return TypedResults.Empty;
    }

    private static async Task WriteAsync(Stream output, ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("tenant");
        await RowsAsync(json, connection, "tenants", "id", tenant, ct);
        json.WriteEndArray();
        foreach (var (name, table) in Parts)
        {
            json.WriteStartArray(name);
            await RowsAsync(json, connection, table, "tenant_id", tenant, ct);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        await json.FlushAsync(ct);
    }

    private static async Task RowsAsync(Utf8JsonWriter json, NpgsqlConnection connection, string table, string column, TenantId tenant, CancellationToken ct)
    {
        // The names are constants of this class.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(
            $"""
             SELECT (to_jsonb(t) - (
                 SELECT coalesce(array_agg(a.attname::text), '{"{}"}') FROM pg_attribute a
                 WHERE a.attrelid = '{table}'::regclass AND a.atttypid = 'bytea'::regtype))::text
             FROM {table} t WHERE t.{column} = $1
             """, connection);
#pragma warning restore CA2100
        command.Parameters.Add(new() { Value = tenant.Value });
        await foreach (var text in command.RowsAsync(r => r.GetString(0), ct))
        {
            using var row = JsonDocument.Parse(text);
            json.WriteStartObject();
            foreach (var member in row.RootElement.EnumerateObject())
            {
                json.WritePropertyName(CamelCase(member.Name));
                member.Value.WriteTo(json);
            }
            json.WriteEndObject();
            await json.FlushAsync(ct);
        }
    }

    /// <summary>A column's name as the API writes it: <c>created_at</c> is <c>createdAt</c>.</summary>
    private static string CamelCase(string column)
    {
        var words = column.Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }
}
