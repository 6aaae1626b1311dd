using System.Diagnostics.CodeAnalysis;
using Platform.Contracts.Api;

namespace Platform.Control.Data;

/// <summary>
/// What a unit of work came to: a value, or a failure that was expected. A failed outcome rolls the transaction back.
/// </summary>
internal readonly record struct Outcome<T> : IOutcome
{
    private Outcome(T? value, Failure? failure)
    {
        Value = value;
        Failure = failure;
    }

    public T? Value { get; }

    public Failure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Failure))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Failure is not null;

    public bool RollsBack => Failed;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}

/// <summary>What a write came to: done, failed, only tried, or answered before under the same idempotency key.</summary>
internal sealed record Written<T> : IOutcome
{
    public T? Value { get; init; }

    public Failure? Failure { get; init; }

    /// <summary>Not null where the write was only tried: what agents would get.</summary>
    public IReadOnlyList<ConfigPreview>? Preview { get; init; }

    /// <summary>The write was done before under the same idempotency key: the value is what it answered, less what was secret.</summary>
    public bool IsReplay { get; init; }

    [MemberNotNullWhen(true, nameof(Failure))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Failure is not null;

    public bool RollsBack => Failed || Preview is not null || IsReplay;

}

/// <summary>Lets <see cref="Database"/> see whether to commit, whatever the type of the value.</summary>
internal interface IOutcome
{
    bool RollsBack { get; }
}

/// <summary>An expected failure.</summary>
/// <param name="Status">The HTTP status it answers with.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Detail">A sentence for the caller.</param>
internal sealed record Failure(int Status, string Code, string Detail)
{
    /// <summary>By path, where parts of the request are wrong.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When to try again, where that is all that is wrong.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <param name="thing">For example <c>project</c>.</param>
    public static Failure NotFound(string thing) => new(StatusCodes.Status404NotFound, ProblemCodes.NotFound, $"There is no such {thing}.");

    public static Failure Conflict(string code, string detail) => new(StatusCodes.Status409Conflict, code, detail);

    public static Failure Stale { get; } =
        new(StatusCodes.Status412PreconditionFailed, ProblemCodes.VersionMismatch, "Somebody changed it since you read it: read it again and repeat your change.");
}
