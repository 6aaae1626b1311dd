using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;

namespace Platform.Control.Api;

/// <summary>Pages of rows whose key is a text, in its order.</summary>
internal static class TextPaging
{
    private static readonly MethodInfo Compare = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;

    /// <param name="name">What the key is called in JSON; the only order that there is.</param>
    public static async Task<Page<TAnswer>> ToPageByTextAsync<TRow, TAnswer>(
        this IQueryable<TRow> rows, Expression<Func<TRow, string>> key, string name, PageQuery page, Func<TRow, TAnswer> answer, CancellationToken ct)
        where TRow : class
    {
        if (page.Sort is { } sort && sort != name)
            throw new RequestPartException("sort", $"must be {name}.");
        if (PageCursor.Read(page.Cursor, name) is { Value: { } value })
        {
            Expression<Func<string>> last = () => value;
            var beyond = Expression.GreaterThan(Expression.Call(Compare, key.Body, last.Body), Expression.Constant(0));
            rows = rows.Where(Expression.Lambda<Func<TRow, bool>>(beyond, key.Parameters));
        }
        var limit = page.Limit ?? PageQuery.DefaultLimit;
        var found = await rows.OrderBy(key).Take(limit + 1).AsNoTracking().ToListAsync(ct);
        return found.Count <= limit
            ? new([.. found.Select(answer)])
            : new([.. found.Take(limit).Select(answer)], new PageCursor(name, key.Compile()(found[limit - 1]), Guid.Empty).ToString());
    }
}
