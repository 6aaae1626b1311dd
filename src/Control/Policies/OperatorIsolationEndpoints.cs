using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Certificates;
using Platform.Control.Data;
using Platform.Control.Secrets;

namespace Platform.Control.Policies;

/// <summary>The operator's part of how a tenant is kept apart.</summary>
internal static class OperatorIsolationEndpoints
{
    public static async Task<WriteAnswer<IsolationPolicyAnswer, Changes>> UpdateAsync(
        TenantId tenantId, OperatorIsolationPolicyRequest request, SetBy setBy, WriteCall call, ConfigWriter writer, MasterKey master, CancellationToken ct)
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
                await IsolationChecks.CheckPoolsAsync(write.Db, tenantId, request.AllowedPools, parts.Spec?.AllowedPools, faults, token);
                if (faults.Any)
                    return faults.ToFailure();
                return parts.Change(write, "isolation-policy.update", row =>
                {
                    row.Set(SpecOf(request));
                    row.CacheSalt = request.CacheSalt ? row.CacheSalt ?? CacheSalts.New(master, tenantId) : null;
                });
            },
            ct);
        return written.ToChanged();
    }

    /// <summary>What shared engines have cached for the tenant is of no use from then on.</summary>
    public static async Task<WriteAnswer<IsolationPolicyAnswer, Changes>> RotateAsync(
        TenantId tenantId, SetBy setBy, WriteCall call, ConfigWriter writer, MasterKey master, CancellationToken ct)
    {
        var written = await setBy.WriteAsync<IsolationPolicyAnswer>(
            writer,
            call,
            async (write, token) =>
            {
                var parts = await IsolationParts.LoadAsync(write.Db, setBy, token);
                if (write.IsStale(parts.Version, out var stale))
                    return stale;
                if (!parts.HasSalt)
                    return NoSalt();
                return parts.Change(write, "isolation-policy.rotate-salt", row => row.CacheSalt = CacheSalts.New(master, tenantId));
            },
            ct);
        return written.ToChanged();
    }

    private static Failure NoSalt()
    {
        var faults = new Faults();
        faults.Add("cacheSalt", "There is none to rotate: switch it on first.");
        return faults.ToFailure();
    }

    private static IsolationSpec SpecOf(OperatorIsolationPolicyRequest request) => new()
    {
        AllowedPools = request.AllowedPools,
        IpRanges = request.IpRanges,
        RetentionDays = request.RetentionDays,
        FairnessWeight = request.FairnessWeight,
        PriorityBand = request.PriorityBand,
        MaxSecondsWithoutControl = request.MaxSecondsWithoutControl,
        ZeroRetention = request.ZeroRetention,
        ClientAuthorities = Authorities.Canonical(request.ClientAuthorities),
    };
}
