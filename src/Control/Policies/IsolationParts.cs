using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Json;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;

namespace Platform.Control.Policies;

/// <summary>Both parts of a tenant's policy in a write of one side; a part that was never written has no row.</summary>
internal sealed class IsolationParts
{
    private readonly SetBy _setBy;
    private readonly List<IsolationPolicyRow> _rows;

    private IsolationParts(SetBy setBy, List<IsolationPolicyRow> rows) => (_setBy, _rows) = (setBy, rows);

    public long Version => IsolationAnswers.VersionOf(_rows);

    public bool HasSalt => _rows.Any(r => r is { IsOperators: true, CacheSalt: not null });

    /// <summary>What the side that writes has said so far; null for nothing.</summary>
    public IsolationSpec? Spec => Mine is { } row ? PolicyDocuments.SpecOf(row) : null;

    private IsolationPolicyRow? Mine => _rows.SingleOrDefault(r => r.IsOperators == _setBy.IsOperators);

    public static async Task<IsolationParts> LoadAsync(ControlDb db, SetBy setBy, CancellationToken ct) =>
        new(setBy, await db.IsolationPolicies.Where(i => i.TenantId == setBy.Tenant).ToListAsync(ct));

    /// <summary>Changes the part of the side that writes.</summary>
    public IsolationPolicyAnswer Change(ConfigWrite write, string action, Action<IsolationPolicyRow> change)
    {
        var before = IsolationAnswers.Of(_rows);
        if (Mine is { } row)
        {
            row.Version++;
        }
        else
        {
            row = new() { TenantId = _setBy.Tenant, IsOperators = _setBy.IsOperators };
            _rows.Add(row);
            write.Db.IsolationPolicies.Add(row);
        }
        change(row);
        row.UpdatedAt = write.Now;
        write.Affects(Affected.CarrierOf(_setBy.Tenant));
        var after = IsolationAnswers.Of(_rows);
        write.Audit(action, _setBy.Tenant.ToString(), before, after);
        return after;
    }
}

internal static class IsolationAnswers
{
    /// <summary>Each part's version grows with its changes, so their sum changes whenever what is answered does.</summary>
    public static long VersionOf(IEnumerable<IsolationPolicyRow> rows) => rows.Sum(r => r.Version);

    public static IsolationPolicyAnswer Of(IReadOnlyCollection<IsolationPolicyRow> rows)
    {
        var (operators, own) = (rows.SingleOrDefault(r => r.IsOperators), rows.SingleOrDefault(r => !r.IsOperators));
        return new(
            own is null ? null : PolicyDocuments.SpecOf(own),
            operators is null ? null : PolicyDocuments.SpecOf(operators),
            EffectiveIsolation.Of(rows),
            operators?.CacheSalt is not null,
            rows.Count == 0 ? null : rows.Max(r => r.UpdatedAt),
            VersionOf(rows));
    }

    public static void Set(this IsolationPolicyRow row, IsolationSpec spec) =>
        row.Spec = JsonSerializer.SerializeToElement(spec, WireJson.Default.IsolationSpec);
}
