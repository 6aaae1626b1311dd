namespace Platform.Gateway.Forwarding;

/// <summary>What becomes of an answer whose caller left.</summary>
internal enum OnDisconnect
{
    /// <summary>The upstream is cancelled at once, and what was made is paid for.</summary>
    Cancel,

    /// <summary>The upstream is read to its end, within bounds, so that the usage is its own last word.</summary>
    Finish,
}

/// <summary>What a request's tenant and model chose for it.</summary>
/// <param name="TryTime">For one try, until its answer goes to the caller; then another endpoint is tried. Null for none.</param>
/// <param name="FallsBackOnContextLength">A prompt that is too long for one tier of targets is tried in the next.</param>
/// <param name="HedgeAfter">Without a first byte for so long, a second try runs beside the first. Null for never.</param>
internal readonly record struct RequestPolicy(
    OnDisconnect OnDisconnect, TimeSpan? TryTime, bool FallsBackOnContextLength, TimeSpan? HedgeAfter);
