using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Certificates;
using Platform.Control.Data;
using Platform.Control.Delivery;

namespace Platform.Control.Policies;

/// <summary>How a tenant is kept apart: to read for both sides, and the tenant's own part.</summary>
internal static class IsolationEndpoints
{
    private const string Thing = "tenant";

    public static async Task<FoundAnswer<IsolationPolicyAnswer>> GetAsync(TenantId tenantId, SetBy setBy, Database database, CancellationToken ct)
    {
        var rows = await setBy.ReadAsync(database, (db, token) => PolicyDocuments.IsolationAsync(db, tenantId, token), ct);
        return new(IsolationAnswers.Of(rows), Thing);
    }

    public static async Task<WriteAnswer<IsolationPolicyAnswer, Changes>> UpdateAsync(
        TenantId tenantId, IsolationPolicyRequest request, SetBy setBy, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<IsolationPolicyAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                var parts = await IsolationParts.LoadAsync(write.Db, setBy, token);
                if (write.IsStale(parts.Version, out var stale))
                    return stale;
                var faults = new Faults();
                IsolationChecks.CheckNetworks(request.IpRanges, faults);
                Authorities.Check(request.ClientAuthorities, "clientAuthorities", faults);
                if (faults.Any)
                    return faults.ToFailure();
                return parts.Change(write, "isolation-policy.update", row => row.Set(new IsolationSpec
                {
                    IpRanges = request.IpRanges,
                    RetentionDays = request.RetentionDays,
                    MaxSecondsWithoutControl = request.MaxSecondsWithoutControl,
                    ZeroRetention = request.ZeroRetention,
                    ClientAuthorities = Authorities.Canonical(request.ClientAuthorities),
                }));
            },
            ct);
        return written.ToChanged();
    }
}
