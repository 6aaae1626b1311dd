namespace Platform.Gateway.Forwarding;

/// <summary>The times that one try has.</summary>
/// <param name="Total">What is left of the request's.</param>
/// <param name="Try">Until the answer goes to the caller; null for none.</param>
/// <param name="FirstByte">Until the upstream's first byte.</param>
/// <param name="Idle">Between two of the upstream's bytes.</param>
/// <param name="Write">For the caller to take what was written.</param>
/// <param name="Detached">Where the answer is read on when the caller left; null where it is not.</param>
internal sealed record TryLimits(TimeSpan Total, TimeSpan? Try, TimeSpan FirstByte, TimeSpan Idle, TimeSpan Write, DetachedReads? Detached);
