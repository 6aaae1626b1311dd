using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Identity.External;

namespace Platform.Control.Tenants;

/// <summary>
/// What is left of a closed tenant: rows that usage refers to, without names. What is secret, personal or a text that
/// somebody wrote is deleted. Accounts stay: they belong to people, who may be members elsewhere.
/// </summary>
internal static class TenantErasure
{
    public static async Task RunAsync(ControlDb db, TenantId tenant, string pseudonym, DateTimeOffset now, CancellationToken ct)
    {
        await EraseIdentityAsync(db, tenant, ct);
        await EraseNamesAsync(db, tenant, pseudonym, now, ct);
        await db.Database.ExecuteSqlAsync($"SELECT erase_audit_events({tenant.Value})", ct);
        await EraseRowsAsync(db, tenant, ct);

        // What the platform answered about the tenant, kept for repeats of the request.
        await db.Database.ExecuteSqlAsync($"DELETE FROM idempotency_keys WHERE position({tenant.ToString()} in answer::text) > 0", ct);
    }

    /// <summary>The clients of its programs with their tokens; sessions that its identity providers began, and what they know people by.</summary>
    private static async Task EraseIdentityAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM identity.tokens WHERE application_id IN (
                 SELECT c.id FROM identity.clients c JOIN service_clients s ON s.client_id = c.client_id WHERE s.tenant_id = {tenant.Value});
             DELETE FROM identity.authorizations WHERE application_id IN (
                 SELECT c.id FROM identity.clients c JOIN service_clients s ON s.client_id = c.client_id WHERE s.tenant_id = {tenant.Value})
             """, ct);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM identity.clients WHERE client_id IN (SELECT s.client_id FROM service_clients s WHERE s.tenant_id = {tenant.Value})", ct);
        foreach (var provider in await db.IdentityProviders.Where(p => p.TenantId == tenant).Select(p => p.Id).ToListAsync(ct))
            await ProviderSessions.EndAsync(db, provider, forgetsPeople: true, ct);
    }

    private static async Task EraseNamesAsync(ControlDb db, TenantId tenant, string pseudonym, DateTimeOffset now, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE api_keys SET name = {pseudonym}, created_by = {pseudonym}, revoked_at = coalesce(revoked_at, {now}), hash = ''::bytea,
                 previous_prefix = NULL, previous_pepper_id = NULL, previous_hash = NULL, previous_expires_at = NULL,
                 allowed_models = NULL, ip_ranges = NULL, version = version + 1
             WHERE tenant_id = {tenant.Value}
             """, ct);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE projects SET name = {pseudonym}, deleted_at = coalesce(deleted_at, {now}), version = version + 1 WHERE tenant_id = {tenant.Value}", ct);
        await db.Database.ExecuteSqlAsync(
            $"UPDATE pools SET name = {pseudonym}, trusted_authorities = NULL, deleted_at = coalesce(deleted_at, {now}), version = version + 1 WHERE tenant_id = {tenant.Value}", ct);
        await db.Database.ExecuteSqlAsync(
            $$"""
              UPDATE models SET name = {{pseudonym}}, aliases = '{}', description = NULL, deleted_at = coalesce(deleted_at, {{now}}), version = version + 1
              WHERE tenant_id = {{tenant.Value}}
              """, ct);
    }

    private static Task<int> EraseRowsAsync(ControlDb db, TenantId tenant, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
         DELETE FROM provider_keys WHERE tenant_id = {tenant.Value};
         DELETE FROM client_certificates WHERE tenant_id = {tenant.Value};
         DELETE FROM endpoints WHERE tenant_id = {tenant.Value};
         DELETE FROM model_targets WHERE tenant_id = {tenant.Value};
         DELETE FROM model_offers WHERE tenant_id = {tenant.Value} OR offered_to = {tenant.Value};
         DELETE FROM quotas WHERE tenant_id = {tenant.Value};
         DELETE FROM budgets WHERE tenant_id = {tenant.Value};
         DELETE FROM guardrail_policies WHERE tenant_id = {tenant.Value};
         DELETE FROM isolation_policies WHERE tenant_id = {tenant.Value};
         DELETE FROM traffic_policies WHERE tenant_id = {tenant.Value};
         DELETE FROM prices WHERE tenant_id = {tenant.Value};
         DELETE FROM invitations WHERE tenant_id = {tenant.Value};
         DELETE FROM identity_providers WHERE tenant_id = {tenant.Value};
         DELETE FROM service_clients WHERE tenant_id = {tenant.Value};
         DELETE FROM memberships WHERE tenant_id = {tenant.Value};
         DELETE FROM idempotency_keys WHERE tenant_id = {tenant.Value};
         DELETE FROM sign_ups WHERE made_tenant_id = {tenant.Value}
         """, ct);
}
