using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Prices;

/// <summary>
/// From when until when prices hold. Writes wait for each other at the config head, so what is looked at here still holds
/// when the write is stored.
/// </summary>
internal static class PricePeriods
{
    /// <summary>How far back a price may begin: one that was agreed and is entered late. What was rated before it stays.</summary>
    private static readonly TimeSpan MaxBack = TimeSpan.FromDays(31);

    /// <summary>In UTC and in the database's resolution, microseconds.</summary>
    public static DateTimeOffset? Stored(DateTimeOffset? instant) =>
        instant is { } given ? given.ToUniversalTime().AddTicks(-(given.Ticks % TimeSpan.TicksPerMicrosecond)) : null;

    public static void CheckNew(PriceRow price, DateTimeOffset now, Faults faults)
    {
        if (price.EffectiveFrom < now - MaxBack)
            faults.Add("effectiveFrom", $"must lie at most {MaxBack.Days} days back.");
        if (price.EffectiveTo <= price.EffectiveFrom)
            faults.Add("effectiveTo", "must lie after effectiveFrom.");
    }

    public static void CheckEnd(PriceRow price, DateTimeOffset now, Faults faults)
    {
        if (price.EffectiveTo <= now)
            faults.Add("effectiveTo", "must lie in the future: what was charged stays.");
        if (price.EffectiveTo <= price.EffectiveFrom)
            faults.Add("effectiveTo", "must lie after effectiveFrom.");
    }

    /// <summary>Periods of one owner, model and currency do not overlap.</summary>
    /// <param name="path">The member that the fault is told of.</param>
    public static async Task CheckOverlapAsync(ControlDb db, PriceRow price, string path, Faults faults, CancellationToken ct)
    {
        var (from, to) = (price.EffectiveFrom, price.EffectiveTo);
        var other = await db.Prices.AsNoTracking()
            .Where(p => p.TenantId == price.TenantId && p.Model == price.Model && p.Currency == price.Currency && p.Id != price.Id)
            .Where(p => (to == null || p.EffectiveFrom < to) && (p.EffectiveTo == null || p.EffectiveTo > from))
            .OrderBy(p => p.EffectiveFrom)
            .FirstOrDefaultAsync(ct);
        if (other is not null)
            faults.Add(path, $"overlaps the price {other.Id}, which holds from {Text(other.EffectiveFrom)} {(other.EffectiveTo is { } end ? $"to {Text(end)}" : "on")}.");
    }

    private static string Text(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
