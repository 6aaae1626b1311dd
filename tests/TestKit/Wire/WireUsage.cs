namespace Platform.TestKit.Wire;

/// <summary>
/// Tokens of one answer, in OpenAI's meaning in every dialect: <see cref="Input"/> includes what was read from and written
/// to the cache, <see cref="Output"/> includes reasoning. Each dialect's samples write them in its own way, so the same
/// usage must be metered from all of them.
/// </summary>
public sealed record WireUsage(int Input, int Output)
{
    public int CachedInput { get; init; }

    public int CacheWrite { get; init; }

    public int Reasoning { get; init; }

    public int AudioInput { get; init; }

    public int AudioOutput { get; init; }

    public int Total => Input + Output;

    /// <summary>Anthropic's <c>input_tokens</c>: what neither came from the cache nor went into it.</summary>
    public int Uncached => Input - CachedInput - CacheWrite;
}
