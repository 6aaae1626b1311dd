using System.Globalization;
using Platform.Contracts.Configuration;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Limits;

/// <summary>What a caller is told whose request a quota has no room for, in OpenAI's words.</summary>
internal static class QuotaErrors
{
    private const string RateLimited = "rate_limit_exceeded";

    /// <summary>Official clients that are told to try again wait for it; nobody should for longer.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    public static ApiError Of(QuotaRefusal refusal, Exchange exchange)
    {
        var (kind, limit, used, requested) = (refusal.Kind, refusal.Limit, refusal.Used, refusal.Requested);
        if (kind == QuotaKind.ConcurrentRequests)
        {
            return ApiErrors.TooManyAtOnce with
            {
                Message = $"Rate limit reached {For(refusal, exchange)} on concurrent requests: Limit {limit}, Running {used}. Please try again when one has ended.",
            };
        }
        var type = kind is QuotaKind.TokensPerMinute or QuotaKind.TokensPerDay ? "tokens" : "requests";
        if (refusal.Wait is not { } wait)
        {
            var tooLarge = $"Request too large {For(refusal, exchange)} on {NameOf(kind)}: Limit {limit}, Requested {requested}. "
                + "The input or output must be smaller for the request to run.";
            return Error(type, tooLarge) with { Retry = false };
        }
        var milliseconds = (long)Math.Ceiling(Math.Max(1, wait.TotalMilliseconds));
        var message = $"Rate limit reached {For(refusal, exchange)} on {NameOf(kind)}: Limit {limit}, Used {used}, Requested {requested}. "
            + $"Please try again in {GoDuration.Of(wait)}.";
        return Error(type, message) with
        {
            RetryAfter = ((milliseconds + 999) / 1000).ToString(CultureInfo.InvariantCulture),
            RetryAfterMilliseconds = milliseconds.ToString(CultureInfo.InvariantCulture),
            Retry = wait <= MaxWait,
        };
    }

    private static ApiError Error(string type, string message) =>
        new(StatusCodes.Status429TooManyRequests, type, RateLimited, message, Reason: FailureReasons.Limit);

    private static string For(QuotaRefusal refusal, Exchange exchange) => $"for {exchange.Model.Name.Value} in " + refusal.Quota.Scope switch
    {
        LimitScopes.Key => $"API key {exchange.Caller.KeyId}",
        LimitScopes.Project => $"project {exchange.Caller.ProjectId}",
        _ => $"organization {exchange.Caller.Tenant.Slug}",
    };

    private static string NameOf(QuotaKind kind) => kind switch
    {
        QuotaKind.RequestsPerMinute => "requests per min (RPM)",
        QuotaKind.RequestsPerDay => "requests per day (RPD)",
        QuotaKind.TokensPerMinute => "tokens per min (TPM)",
        _ => "tokens per day (TPD)",
    };
}
