using Platform.Gateway.Errors;

namespace Platform.Gateway.Forwarding;

/// <summary>How one try ended.</summary>
internal abstract record Outcome
{
    /// <summary>The error that it ended with, if there was one.</summary>
    public virtual string? Code => null;

    /// <summary>The caller has its answer, whole or with an error in it; the record is written.</summary>
    public sealed record Answered(ApiError? Failure = null) : Outcome
    {
        public override string? Code => Failure?.Code;
    }

    /// <summary>The caller left.</summary>
    public sealed record CallerLeft : Outcome
    {
        public override string Code => "caller_left";
    }

    /// <summary>The caller did not take in time what was written.</summary>
    public sealed record CallerTooSlow : Outcome
    {
        public override string Code => "caller_too_slow";
    }

    /// <summary>Nothing reached the caller, and another endpoint may do better; else this error is the answer.</summary>
    /// <param name="Broke">It was the endpoint that failed; else it has too much to do.</param>
    /// <param name="Pause">It asked to be left alone for so long.</param>
    public sealed record TryNext(ApiError Error, bool Broke = true, TimeSpan? Pause = null) : Outcome
    {
        public override string? Code => Error.Code;
    }

    /// <summary>Nothing reached the caller, and the targets of a later tier may do what those of this one cannot.</summary>
    public sealed record TryLaterTier(ApiError Error) : Outcome
    {
        public override string? Code => Error.Code;
    }

    /// <summary>Nothing reached the caller: this endpoint has no such path, as an engine's older version. Another one may have.</summary>
    public sealed record Unserved(ApiError Error) : Outcome
    {
        public override string? Code => Error.Code;
    }

    /// <summary>What is asked cannot be said there, and was not; another pool's engine may know it.</summary>
    public sealed record NotSent(ApiError Error) : Outcome;

    /// <summary>Nothing reached the caller but this error.</summary>
    public sealed record Failed(ApiError Error) : Outcome
    {
        public override string? Code => Error.Code;
    }
}
