using System.Diagnostics.CodeAnalysis;

namespace Platform.Portal.ControlApi;

/// <summary>Either what Control gave, or why it gave nothing.</summary>
internal sealed class ControlAnswer<T>
    where T : class
{
    private ControlAnswer(T? value, ControlProblem? problem)
    {
        Value = value;
        Problem = problem;
    }

    public T? Value { get; }

    public ControlProblem? Problem { get; }

    public static implicit operator ControlAnswer<T>(T value) => new(value, null);

    public static implicit operator ControlAnswer<T>(ControlProblem problem) => new(null, problem);

    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ControlProblem? problem)
    {
        value = Value;
        problem = Problem;
        return value is not null;
    }
}
