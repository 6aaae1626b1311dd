using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;

namespace Platform.Control.Api;

/// <summary>Pages by key (not by number), so that a page costs the same wherever it is, and nothing is seen twice.</summary>
internal static class Paging
{
    /// <summary>A page in the order of creation, or in one of <paramref name="sorts"/>.</summary>
    /// <param name="id">The rows' id: a UUIDv7, so its order is that of creation; it also breaks ties.</param>
    public static async Task<Page<TAnswer>> ToPageAsync<TRow, TId, TAnswer>(
        this IQueryable<TRow> rows, Expression<Func<TRow, TId>> id, PageQuery page, Sorts<TRow> sorts, Func<TRow, TAnswer> answer, CancellationToken ct)
        where TRow : class
        where TId : struct
    {
        var limit = page.Limit ?? PageQuery.DefaultLimit;
        var sort = sorts.Find(page.Sort);
        var cursor = PageCursor.Read(page.Cursor, page.Sort);
        var ordered = sort is null ? ById(rows, id, page.Sort, cursor) : sort.Order(rows, id, page.Sort![0] == '-', cursor);
        var found = await ordered.Take(limit + 1).AsNoTracking().ToListAsync(ct);
        if (found.Count <= limit)
            return new([.. found.Select(answer)]);
        var last = found[limit - 1];
        var next = new PageCursor(page.Sort, sort?.ValueOf(last), Ids.ToGuid(id.Compile()(last)));
        return new([.. found.Take(limit).Select(answer)], next.ToString());
    }

    /// <inheritdoc cref="ToPageAsync{TRow,TId,TAnswer}(IQueryable{TRow},Expression{Func{TRow,TId}},PageQuery,Sorts{TRow},Func{TRow,TAnswer},CancellationToken)"/>
    public static Task<Page<TAnswer>> ToPageAsync<TRow, TId, TAnswer>(
        this IQueryable<TRow> rows, Expression<Func<TRow, TId>> id, PageQuery page, Func<TRow, TAnswer> answer, CancellationToken ct)
        where TRow : class
        where TId : struct =>
        rows.ToPageAsync(id, page, Sorts<TRow>.None, answer, ct);

    /// <summary>Rows whose text contains what the page asks for; a wildcard in it is a character like any other.</summary>
    public static IQueryable<TRow> Containing<TRow>(this IQueryable<TRow> rows, Expression<Func<TRow, string>> text, PageQuery page)
    {
        if (string.IsNullOrWhiteSpace(page.Text))
            return rows;
        var pattern = $"%{page.Text.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        Expression<Func<string, bool>> matches = value => EF.Functions.ILike(value, pattern, "\\");
        var body = Parameters.Replace(matches.Body, matches.Parameters[0], text.Body);
        return rows.Where(Expression.Lambda<Func<TRow, bool>>(body, text.Parameters));
    }

    private static IQueryable<TRow> ById<TRow, TId>(IQueryable<TRow> rows, Expression<Func<TRow, TId>> id, string? sort, PageCursor? cursor)
        where TId : struct
    {
        var down = sort == Sorts<TRow>.NewestFirst;
        if (cursor is not null)
            rows = rows.Where(Expression.Lambda<Func<TRow, bool>>(Ids.Beyond(id.Body, Ids.From<TId>(cursor.Id), down), id.Parameters));
        return down ? rows.OrderByDescending(id) : rows.OrderBy(id);
    }
}
