using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Api;

/// <summary>Which part of a list; lists are in the order of creation.</summary>
public sealed record PageQuery
{
    public const int MaxLimit = 200;

    /// <summary>At most this many items, 1 to 200.</summary>
    [FromQuery(Name = "limit"), Range(1, MaxLimit)]
    public int? Limit { get; init; }

    /// <summary><c>nextCursor</c> of the page before.</summary>
    [FromQuery(Name = "cursor")]
    public Guid? Cursor { get; init; }
}

internal static class Paging
{
    private const int DefaultLimit = 50;

    /// <summary>A page by id: ids are UUIDv7, so their order is that of creation.</summary>
    public static async Task<Page<TAnswer>> ToPageAsync<TRow, TId, TAnswer>(
        this IQueryable<TRow> rows, Expression<Func<TRow, TId>> id, PageQuery page, Func<TRow, TAnswer> answer, CancellationToken ct)
        where TRow : class
        where TId : struct, IId<TId>
    {
        var limit = page.Limit ?? DefaultLimit;
        if (page.Cursor is { } cursor)
            rows = rows.Where(After(id, TId.From(cursor)));
        var found = await rows.OrderBy(id).Take(limit + 1).AsNoTracking().ToListAsync(ct);
        return found.Count <= limit
            ? new([.. found.Select(answer)])
            : new([.. found.Take(limit).Select(answer)], id.Compile()(found[limit - 1]).Value.ToString("D"));
    }

    /// <summary>The comparison is made by the database; <see cref="IsAfter{TId}"/> gives the expression its operator.</summary>
    private static Expression<Func<TRow, bool>> After<TRow, TId>(Expression<Func<TRow, TId>> id, TId cursor)
        where TId : struct, IId<TId>
    {
        var method = ((Func<TId, TId, bool>)IsAfter).Method;
        Expression<Func<TId>> value = () => cursor;
        return Expression.Lambda<Func<TRow, bool>>(Expression.GreaterThan(id.Body, value.Body, false, method), id.Parameters);
    }

    private static bool IsAfter<TId>(TId left, TId right)
        where TId : struct, IId<TId> =>
        left.Value.CompareTo(right.Value) > 0;
}
