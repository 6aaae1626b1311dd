namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>What the caller asked for in <c>stream_options</c>, and what we asked for beyond it.</summary>
/// <param name="IncludeUsage">The caller wants the final usage chunk.</param>
/// <param name="AddedContinuousUsage">We asked for usage in every chunk, the caller did not.</param>
internal readonly record struct StreamRules(bool IncludeUsage, bool AddedContinuousUsage);
