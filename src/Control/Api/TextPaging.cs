using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;

namespace Platform.Control.Api;

/// <summary>Pages of rows whose key is a text: in its order, or in that of another field.</summary>
internal static class TextPaging
{
    /// <param name="name">What the key is called in <paramref name="sorts"/>; the order when none is asked for.</param>
    public static async Task<Page<TAnswer>> ToPageByTextAsync<TRow, TAnswer>(
        this IQueryable<TRow> rows, Expression<Func<TRow, string>> key, string name, PageQuery page, Sorts<TRow> sorts, Func<TRow, TAnswer> answer, CancellationToken ct)
        where TRow : class
    {
        var asked = page.Sort ?? name;
        var sort = sorts.Named(asked);
        var limit = page.Limit ?? PageQuery.DefaultLimit;
        var found = await sort.OrderByText(rows, key, asked[0] == '-', PageCursor.Read(page.Cursor, asked)).Take(limit + 1).AsNoTracking().ToListAsync(ct);
        if (found.Count <= limit)
            return new([.. found.Select(answer)]);
        var last = found[limit - 1];
        return new([.. found.Take(limit).Select(answer)], new PageCursor(asked, sort.ValueOf(last), Guid.Empty, sorts.Named(name).ValueOf(last)).ToString());
    }
}
