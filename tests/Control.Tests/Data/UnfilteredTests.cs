using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Tests.Data;

/// <summary>
/// What a handler would read that forgot its filter (design, section 9): every set of the model as one tenant, with no
/// filter at all, shows that tenant's rows only. Sets are read from the model, so that a new one is covered.
/// </summary>
public sealed class UnfilteredTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    /// <summary>What every tenant may read of the platform's own.</summary>
    private static readonly Type[] Shared = [typeof(PoolRow), typeof(ModelRow), typeof(ModelTargetRow), typeof(ModelOfferRow), typeof(PriceRow), typeof(GuardrailPolicyRow)];

    [Fact]
    public async Task Every_set_without_a_filter_shows_the_tenants_own_rows_only()
    {
        var (one, two) = (await FilledAsync(), await FilledAsync());
        await control.Database.InTenantAsync(
            one,
            async (db, ct) =>
            {
                foreach (var (type, owners) in await OwnersAsync(db, ct))
                {
                    owners.ShouldContain(one, $"{type.Name} has no row of the tenant: fill it, or this shows nothing");
                    owners.Where(o => o != one).Distinct().ShouldBe(Shared.Contains(type) && owners.Contains(TenantId.Platform) ? [TenantId.Platform] : [], type.Name);
                    owners.ShouldNotContain(two, type.Name);
                }
                return true;
            },
            Cancel);
    }

    [Fact]
    public async Task Without_a_tenant_every_set_is_empty()
    {
        await FilledAsync();
        await control.Database.AsUserAsync(
            "nobody",
            tenant: null,
            async (db, ct) =>
            {
                foreach (var (type, owners) in await OwnersAsync(db, ct))
                    owners.ShouldBeEmpty(type.Name);
                return true;
            },
            Cancel);
    }

    /// <summary>Whose the rows are that each set with a tenant shows.</summary>
    private static async Task<List<(Type Type, List<TenantId> Owners)>> OwnersAsync(ControlDb db, CancellationToken ct)
    {
        var read = typeof(UnfilteredTests).GetMethod(nameof(ReadAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
        var found = new List<(Type, List<TenantId>)>();
        foreach (var type in db.Model.GetEntityTypes().Select(e => e.ClrType).Where(t => PropertyOf(t) is not null && !IsLedgers(t)))
            found.Add((type, await (Task<List<TenantId>>)read.MakeGenericMethod(type).Invoke(null, [db, ct])!));
        found.Count.ShouldBeGreaterThan(20);
        return found;
    }

    private static PropertyInfo? PropertyOf(Type type) => type == typeof(TenantRow) ? type.GetProperty(nameof(TenantRow.Id)) : type.GetProperty("TenantId");

    /// <summary>The ledger is written by agents' batches; its own tests have it.</summary>
    internal static bool IsLedgers(Type type) => type == typeof(UsageRecordRow) || type == typeof(UsageHourRow) || type == typeof(UsageDayRow);

    private static async Task<List<TenantId>> ReadAsync<T>(ControlDb db, CancellationToken ct)
        where T : class =>
        (await db.Set<T>().AsNoTracking().ToListAsync(ct)).ConvertAll(r => (TenantId)PropertyOf(typeof(T))!.GetValue(r)!);

    /// <summary>A tenant with a row of its own in every table that has a tenant.</summary>
    private async Task<TenantId> FilledAsync()
    {
        var (tenant, _) = await control.TenantAsync();
        await control.Database.InPlatformAsync((db, ct) => Filler.FillAsync(db, tenant, ct), Cancel);
        return tenant;
    }
}
