using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Control.Access;

namespace Platform.Control.Api;

/// <summary>
/// How a write was asked for: by whom, on which version (<c>If-Match</c>, RFC 9110 section 13.1.1), under which
/// <c>Idempotency-Key</c>, and whether only to try (<c>?dryRun=true</c>). Endpoints that write take it as a parameter.
/// </summary>
internal sealed record WriteCall(Actor Actor)
{
    public const string IdempotencyHeader = "Idempotency-Key";
    public const string DryRunParameter = "dryRun";

    /// <summary>Bodies of the API are kept in memory while they are hashed, and are never longer.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private const int MaxKeyLength = 255;

    /// <summary>The caller's rights, null for the platform's own jobs.</summary>
    public CallerRights? Caller { get; init; }

    /// <summary>The version that the caller has seen; null for any.</summary>
    public long? ExpectedVersion { get; init; }

    public bool DryRun { get; init; }

    public IdempotencyKey? Idempotency { get; init; }

    public static async ValueTask<WriteCall> BindAsync(HttpContext http)
    {
        var (caller, request) = (CallerRights.Of(http), http.Request);
        var dryRun = DryRunOf(request);
        return new(Actor.Of(http, caller))
        {
            Caller = caller,
            ExpectedVersion = ExpectedVersionOf(request),
            DryRun = dryRun,
            Idempotency = dryRun ? null : await IdempotencyOfAsync(request, http.RequestAborted),
        };
    }

    private static bool DryRunOf(HttpRequest request) => request.Query[DryRunParameter] switch
    {
        [] => false,
        [var value] when bool.TryParse(value, out var yes) => yes,
        _ => throw new RequestPartException(DryRunParameter, "must be true or false."),
    };

    private static long? ExpectedVersionOf(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0)
        {
            return HttpMethods.IsPut(request.Method)
                ? throw new RequestPartException("If-Match", "must name the version that is replaced: the ETag of the answer that you read, or *.", StatusCodes.Status428PreconditionRequired)
                : null;
        }
        return text == "*" ? null : ETags.TryRead(text, out var version) ? version : throw new RequestPartException("If-Match", "must be one ETag of this API, or *.");
    }

    private static async Task<IdempotencyKey?> IdempotencyOfAsync(HttpRequest request, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method) || request.Headers[IdempotencyHeader] is not { Count: > 0 } values)
            return null;
        if (values is not [{ Length: > 0 and <= MaxKeyLength } key] || key.Any(c => c is < '!' or > '~'))
            throw new RequestPartException(IdempotencyHeader, $"must be one value of 1 to {MaxKeyLength} visible ASCII characters.");
        request.EnableBuffering(MaxBodyBytes, MaxBodyBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.Path}\n"));
        hash.AppendData(await SHA256.HashDataAsync(request.Body, ct));
        request.Body.Position = 0;
        return new(key, hash.GetHashAndReset());
    }
}

/// <param name="RequestHash">SHA-256 of the method, the path and the body's hash.</param>
internal sealed record IdempotencyKey(string Key, byte[] RequestHash);

/// <summary>Versions as entity tags: <c>"v7"</c>.</summary>
internal static class ETags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"v{version}\"");

    public static bool TryRead(string text, out long version)
    {
        version = 0;
        return text is ['"', 'v', .., '"'] && long.TryParse(text.AsSpan(2, text.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}

/// <summary>A header or parameter that cannot be taken; answered as a validation problem that names it.</summary>
internal sealed class RequestPartException(string part, string fault, int status = StatusCodes.Status400BadRequest)
    : BadHttpRequestException($"{part} {fault}", status)
{
    public string Part => part;
}
