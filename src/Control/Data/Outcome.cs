using System.Diagnostics.CodeAnalysis;

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

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}

/// <summary>Lets <see cref="Database"/> see a failure whatever the type of the value.</summary>
internal interface IOutcome
{
    bool Failed { get; }
}

/// <summary>An expected failure.</summary>
/// <param name="Status">The HTTP status it answers with.</param>
/// <param name="Code">One of <see cref="Contracts.Api.ProblemCodes"/>.</param>
/// <param name="Detail">A sentence for the caller.</param>
internal sealed record Failure(int Status, string Code, string Detail);
