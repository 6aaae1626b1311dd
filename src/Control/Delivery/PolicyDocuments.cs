using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Delivery;

/// <summary>Guardrails, isolation and traffic as agents get them.</summary>
internal static class PolicyDocuments
{
    /// <summary>
    /// The policies that are on, in the order that they are applied. What they are attached to stays as it is, gone or
    /// not: a policy without attachments would hold for the whole tenant.
    /// </summary>
    public static async Task<IReadOnlyList<GuardrailPolicyEntry>> GuardrailsAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var rows = await db.GuardrailPolicies.AsNoTracking().Where(g => g.TenantId == tenant && g.Enabled).ToListAsync(ct);
        return
        [
            .. rows.OrderBy(g => g.Order).ThenBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Id)
                .Select(g => new GuardrailPolicyEntry(g.Id, g.Name, g.Order, SpecOf(g))),
        ];
    }

    public static Task<List<IsolationPolicyRow>> IsolationAsync(ControlDb db, TenantId tenant, CancellationToken ct) =>
        db.IsolationPolicies.AsNoTracking().Where(i => i.TenantId == tenant).ToListAsync(ct);

    public static async Task<TrafficSpec?> TrafficAsync(ControlDb db, TenantId tenant, CancellationToken ct) =>
        await db.TrafficPolicies.AsNoTracking().SingleOrDefaultAsync(t => t.TenantId == tenant, ct) is { } row ? SpecOf(row) : null;

    public static GuardrailSpec SpecOf(GuardrailPolicyRow row) => row.Spec.Deserialize(WireJson.Default.GuardrailSpec)!;

    public static IsolationSpec SpecOf(IsolationPolicyRow row) => row.Spec.Deserialize(WireJson.Default.IsolationSpec)!;

    public static TrafficSpec SpecOf(TrafficPolicyRow row) => row.Spec.Deserialize(WireJson.Default.TrafficSpec)!;
}
