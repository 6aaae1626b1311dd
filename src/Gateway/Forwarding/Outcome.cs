using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>How one try ended.</summary>
internal abstract record Outcome
{
    /// <summary>The caller has its answer, whole or with an error in it; the record is written.</summary>
    public sealed record Answered : Outcome;

    /// <summary>The caller left.</summary>
    public sealed record CallerLeft : Outcome;

    /// <summary>Nothing reached the caller, and another endpoint may do better; else this error is the answer.</summary>
    /// <param name="Penalise">Avoid the endpoint for a moment.</param>
    public sealed record TryNext(ApiError Error, bool Penalise) : Outcome;

    /// <summary>What is asked cannot be said there, and was not; another pool's engine may know it.</summary>
    public sealed record NotSent(ApiError Error) : Outcome;

    /// <summary>Nothing reached the caller but this error.</summary>
    public sealed record Failed(ApiError Error) : Outcome;
}
