using System.Globalization;

namespace Platform.Gateway.Limits;

/// <summary>What answers say of the quota that is the nearest to its end: OpenAI's names, or Anthropic's.</summary>
internal static class QuotaHeaders
{
    public static void Put(IHeaderDictionary headers, QuotaUse use, DateTimeOffset now, bool isAnthropic)
    {
        var (requests, tokens) = use.Stand(now);
        string? reset = null;
        if (requests is { } r)
        {
            reset = Reset(r.End, now, isAnthropic);
            Put(headers, isAnthropic ? Names.AnthropicRequests : Names.Requests, r, reset);
        }
        if (tokens is { } t)
            Put(headers, isAnthropic ? Names.AnthropicTokens : Names.Tokens, t, requests?.End == t.End ? reset : Reset(t.End, now, isAnthropic));
    }

    private static void Put(IHeaderDictionary headers, Names names, Standing standing, string? reset)
    {
        headers[names.Limit] = standing.Limit.ToString(CultureInfo.InvariantCulture);
        headers[names.Remaining] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[names.Reset] = reset;
    }

    private static string Reset(DateTimeOffset end, DateTimeOffset now, bool isAnthropic) =>
        isAnthropic ? end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : GoDuration.Of(end - now);

    private sealed record Names(string Limit, string Remaining, string Reset)
    {
        public static readonly Names Requests = new("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests");
        public static readonly Names Tokens = new("x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens");

        public static readonly Names AnthropicRequests = new(
            "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset");

        public static readonly Names AnthropicTokens = new(
            "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset");
    }
}
