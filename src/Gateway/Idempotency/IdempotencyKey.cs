using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Idempotency;

/// <summary>The caller's <c>Idempotency-Key</c> (draft-ietf-httpapi-idempotency-key-header).</summary>
internal static class IdempotencyKey
{
    public const int MaxLength = 255;

    /// <summary>Null where there is none; an error where it cannot be one.</summary>
    public static string? Of(HttpRequest request, out ApiError? invalid)
    {
        invalid = null;
        if (!request.Headers.TryGetValue(KeptHeaders.IdempotencyKey, out var values))
            return null;
        if (values is [{ Length: > 0 and <= MaxLength } key] && key.All(c => c is >= ' ' and <= '~'))
            return key;
        invalid = IdempotencyErrors.KeyInvalid;
        return null;
    }

    /// <summary>What the key is one of: the same caller's, for the same thing.</summary>
    public static Digest ScopeOf(Exchange exchange, string key) => Digest.Of(
        exchange.Caller.Tenant.Id.ToString(), exchange.Caller.KeyId.ToString(), exchange.Http.Request.Method, exchange.Http.Request.Path.Value ?? "", key);

    /// <summary>What was asked: the bytes or, of a form, its parts, since clients draw another boundary for each try.</summary>
    public static Digest BodyOf(Exchange exchange) =>
        exchange.Facts is FormRequest form ? Digest.Of(exchange.Body.Span, form.Parts) : Digest.Of(exchange.Body.Span);
}
