namespace Platform.Gateway.Routing;

/// <summary>What the end of a try says of its endpoint.</summary>
internal enum Verdict
{
    /// <summary>Nothing: it was not the endpoint that ended it.</summary>
    None,

    /// <summary>It answers; what it answers is another matter.</summary>
    Alive,

    /// <summary>It failed, and would fail others.</summary>
    Broken,
}
