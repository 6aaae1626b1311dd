using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Policies;

/// <summary>A tenant's guardrail policies. Those of the platform's tenant are the floor of every tenant, which reads the ones that are on.</summary>
internal static class GuardrailEndpoints
{
    /// <summary>For each tenant: agents hold them all, and apply each that is attached.</summary>
    public const int Max = 50;

    private const string Thing = "guardrail policy";

    private static readonly Failure Floor = new(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "The platform set it: it is yours to read only.");

    private static readonly Sorts<GuardrailPolicyRow> Sorted = new Sorts<GuardrailPolicyRow>().By("name", g => g.Name);

    public static Task<Page<GuardrailPolicyAnswer>> ListAsync(TenantId tenantId, [AsParameters] PageQuery page, Database database, CancellationToken ct) =>
        database.InTenantAsync(
            tenantId,
            (db, token) => Seen(db, tenantId).Containing(g => g.Name, page).ToPageAsync(g => g.Id, page, Sorted, Answer, token),
            ct);

    public static async Task<FoundAnswer<GuardrailPolicyAnswer>> GetAsync(TenantId tenantId, Guid id, Database database, CancellationToken ct)
    {
        var row = await database.InTenantAsync(
            tenantId, (db, token) => Seen(db, tenantId).AsNoTracking().SingleOrDefaultAsync(g => g.Id == id, token), ct);
        return new(row is null ? null : Answer(row), Thing);
    }

    public static async Task<WriteAnswer<GuardrailPolicyAnswer, Creates>> CreateAsync(
        TenantId tenantId, GuardrailPolicyRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InTenantAsync<GuardrailPolicyAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await GuardrailChecks.RefusalAsync(write.Db, tenantId, request.Spec, null, token) is { } refusal)
                    return refusal;
                if (await write.Db.GuardrailPolicies.CountAsync(g => g.TenantId == tenantId, token) >= Max)
                    return Failure.Conflict(ProblemCodes.LimitReached, $"There are {Max} guardrail policies already.");
                var row = new GuardrailPolicyRow { TenantId = tenantId, Id = Guid.CreateVersion7(write.Now), Name = request.Name, CreatedAt = write.Now };
                Set(row, request);
                write.Db.GuardrailPolicies.Add(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var answer = Answer(row);
                write.Audit("guardrail-policy.create", row.Id.ToString(), null, answer);
                return answer;
            },
            ct);
        return written.ToCreated(g => $"/api/v1/tenants/{tenantId}/guardrail-policies/{g.Id}");
    }

    public static async Task<WriteAnswer<GuardrailPolicyAnswer, Changes>> UpdateAsync(
        TenantId tenantId, Guid id, GuardrailPolicyRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InTenantAsync<GuardrailPolicyAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await Seen(write.Db, tenantId).SingleOrDefaultAsync(g => g.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (row.TenantId != tenantId)
                    return Floor;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                if (await GuardrailChecks.RefusalAsync(write.Db, tenantId, request.Spec, PolicyDocuments.SpecOf(row), token) is { } refusal)
                    return refusal;
                var before = Answer(row);
                Set(row, request);
                row.Version++;
                write.Affects(Affected.CarrierOf(tenantId));
                var after = Answer(row);
                write.Audit("guardrail-policy.update", id.ToString(), before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<GuardrailPolicyAnswer, Deletes>> DeleteAsync(
        TenantId tenantId, Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InTenantAsync<GuardrailPolicyAnswer>(
            tenantId,
            call,
            async (write, token) =>
            {
                if (await Seen(write.Db, tenantId).SingleOrDefaultAsync(g => g.Id == id, token) is not { } row)
                    return Failure.NotFound(Thing);
                if (row.TenantId != tenantId)
                    return Floor;
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                write.Db.GuardrailPolicies.Remove(row);
                write.Affects(Affected.CarrierOf(tenantId));
                var gone = Answer(row);
                write.Audit("guardrail-policy.delete", id.ToString(), gone, null);
                return gone;
            },
            ct);
        return written.ToDeleted();
    }

    private static IQueryable<GuardrailPolicyRow> Seen(ControlDb db, TenantId tenant) =>
        db.GuardrailPolicies.Where(g => g.TenantId == tenant || (g.TenantId == TenantId.Platform && g.Enabled));

    private static void Set(GuardrailPolicyRow row, GuardrailPolicyRequest request)
    {
        row.Name = request.Name;
        row.Enabled = request.Enabled;
        row.Order = request.Order;
        row.Spec = JsonSerializer.SerializeToElement(GuardrailChecks.Whole(request.Spec), WireJson.Default.GuardrailSpec);
    }

    private static GuardrailPolicyAnswer Answer(GuardrailPolicyRow row) => new(
        row.Id, row.Name, row.Enabled, row.Order, PolicyDocuments.SpecOf(row), row.TenantId == TenantId.Platform, row.CreatedAt, row.Version);
}
