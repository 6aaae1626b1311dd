using System.Linq.Expressions;
using System.Reflection;

namespace Platform.Control.Api;

/// <summary>The fields that a list can be sorted by. <c>createdAt</c> and <c>-createdAt</c> are always there: the order of ids.</summary>
internal sealed class Sorts<TRow>
{
    public const string OldestFirst = "createdAt";
    public const string NewestFirst = "-createdAt";

    public static readonly Sorts<TRow> None = new();

    private readonly Dictionary<string, Sort<TRow>> _byName = [];

    /// <param name="name">As in JSON.</param>
    /// <param name="key">What the database compares.</param>
    /// <param name="read">The same of a row in memory, where the database alone can make sense of <paramref name="key"/>: a cast of a checked name.</param>
    public Sorts<TRow> By(string name, Expression<Func<TRow, string>> key, Func<TRow, string>? read = null)
    {
        _byName[name] = new(key, read ?? key.Compile());
        return this;
    }

    /// <summary>Null for the order of creation.</summary>
    /// <exception cref="RequestPartException">There is no such field.</exception>
    public Sort<TRow>? Find(string? asked) =>
        asked is null or OldestFirst or NewestFirst ? null : Named(asked, _byName.Keys.Append(OldestFirst));

    /// <summary>The same of rows that have no order of creation.</summary>
    public Sort<TRow> Named(string asked) => Named(asked, _byName.Keys);

    private Sort<TRow> Named(string asked, IEnumerable<string> names) =>
        _byName.GetValueOrDefault(asked.TrimStart('-'))
            ?? throw new RequestPartException("sort", $"must be one of {string.Join(", ", names)}, or one of these with - before it.");
}

/// <summary>One field, compared as the database compares texts.</summary>
internal sealed class Sort<TRow>(Expression<Func<TRow, string>> key, Func<TRow, string> read)
{
    private static readonly MethodInfo Compare = typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;

    public string ValueOf(TRow row) => read(row);

    public IQueryable<TRow> Order<TId>(IQueryable<TRow> rows, Expression<Func<TRow, TId>> id, bool down, PageCursor? cursor)
        where TId : struct
    {
        var idBody = Parameters.Replace(id.Body, id.Parameters[0], key.Parameters[0]);
        var byId = Expression.Lambda<Func<TRow, TId>>(idBody, key.Parameters);
        if (cursor is { Value: { } value })
            rows = rows.Where(Expression.Lambda<Func<TRow, bool>>(After(value, Ids.Beyond(idBody, Ids.From<TId>(cursor.Id), down), down), key.Parameters));
        return down ? rows.OrderByDescending(key).ThenByDescending(byId) : rows.OrderBy(key).ThenBy(byId);
    }

    /// <summary>The same of rows whose key is a text, which breaks ties.</summary>
    public IQueryable<TRow> OrderByText(IQueryable<TRow> rows, Expression<Func<TRow, string>> text, bool down, PageCursor? cursor)
    {
        var textBody = Parameters.Replace(text.Body, text.Parameters[0], key.Parameters[0]);
        var byText = Expression.Lambda<Func<TRow, string>>(textBody, key.Parameters);
        if (cursor is { Value: { } value, Key: { } last })
        {
            Expression<Func<string>> constant = () => last;
            var compared = Expression.Call(Compare, textBody, constant.Body);
            var zero = Expression.Constant(0);
            rows = rows.Where(Expression.Lambda<Func<TRow, bool>>(
                After(value, down ? Expression.LessThan(compared, zero) : Expression.GreaterThan(compared, zero), down), key.Parameters));
        }
        return down ? rows.OrderByDescending(key).ThenByDescending(byText) : rows.OrderBy(key).ThenBy(byText);
    }

    /// <summary>At or beyond the value, and of those at it only ids beyond: the first part is what an index can be entered by.</summary>
    private BinaryExpression After(string value, Expression idBeyond, bool down)
    {
        Expression<Func<string>> constant = () => value;
        var compared = Expression.Call(Compare, key.Body, constant.Body);
        var zero = Expression.Constant(0);
        var (from, beyond) = down
            ? (Expression.LessThanOrEqual(compared, zero), Expression.LessThan(compared, zero))
            : (Expression.GreaterThanOrEqual(compared, zero), Expression.GreaterThan(compared, zero));
        return Expression.AndAlso(from, Expression.OrElse(beyond, idBeyond));
    }
}
