using System.Linq.Expressions;
using System.Reflection;
using Platform.Contracts.Ids;

namespace Platform.Control.Api;

/// <summary>Ids in queries: typed ones and plain <see cref="Guid"/>s. The comparisons are made by the database.</summary>
internal static class Ids
{
    private static readonly MethodInfo Greater = typeof(Ids).GetMethod(nameof(IsGreater), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo Less = typeof(Ids).GetMethod(nameof(IsLess), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The rows' id beyond the cursor's, in the order that the list has.</summary>
    public static Expression Beyond<TId>(Expression body, TId cursor, bool down)
        where TId : struct
    {
        Expression<Func<TId>> value = () => cursor;
        return down
            ? Expression.LessThan(body, value.Body, false, Less.MakeGenericMethod(typeof(TId)))
            : Expression.GreaterThan(body, value.Body, false, Greater.MakeGenericMethod(typeof(TId)));
    }

    public static Guid ToGuid<TId>(TId id)
        where TId : struct =>
        id is Guid plain ? plain : (Guid)typeof(TId).GetProperty(nameof(IId<TenantId>.Value))!.GetValue(id)!;

    public static TId From<TId>(Guid value)
        where TId : struct =>
        value is TId plain ? plain : (TId)Activator.CreateInstance(typeof(TId), value)!;

    private static bool IsGreater<TId>(TId left, TId right)
        where TId : struct =>
        ToGuid(left).CompareTo(ToGuid(right)) > 0;

    private static bool IsLess<TId>(TId left, TId right)
        where TId : struct =>
        ToGuid(left).CompareTo(ToGuid(right)) < 0;
}

internal static class Parameters
{
    /// <summary>The expression with one thing in the place of its parameter.</summary>
    public static Expression Replace(Expression body, ParameterExpression from, Expression to) => new Replacement(from, to).Visit(body);

    private sealed class Replacement(ParameterExpression from, Expression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
