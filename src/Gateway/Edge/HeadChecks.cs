using System.Collections.Frozen;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Edge;

/// <summary>
/// Refuses requests whose head a proxy before the agent, or an engine behind it, might read in another way than the agent
/// does: that is how requests are smuggled, and how one caller's key travels with another's request.
/// </summary>
internal static class HeadChecks
{
    /// <summary>How Kestrel calls a <c>Content-Length</c> that came beside <c>Transfer-Encoding</c> (RFC 9112, 6.3).</summary>
    private const string LengthBesideChunks = "X-Content-Length";

    /// <summary>Of a second line nobody knows which of the two counts.</summary>
    private static readonly FrozenSet<string> Single = new[]
    {
        "authorization", "x-api-key", "content-type", "content-encoding", "origin",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null where it can be read in one way only.</summary>
    public static ApiError? Find(HttpRequest request)
    {
        if (!request.Host.HasValue && !HttpProtocol.IsHttp10(request.Protocol))
            return ApiErrors.Ambiguous("the Host is empty");
        foreach (var (name, values) in request.Headers)
        {
            if (values.Count > 1 && Single.Contains(name))
                return ApiErrors.Ambiguous($"there is more than one {Known(name)}");
            if (name.Contains('_') && Shadowed(name) is { } shadowed)
                return ApiErrors.Ambiguous($"a header with '_' reads as {shadowed}");
            if (name.Equals(LengthBesideChunks, StringComparison.OrdinalIgnoreCase))
                return ApiErrors.Ambiguous("it has a Content-Length beside a Transfer-Encoding");
        }
        return null;
    }

    /// <summary>CGI and its heirs write both signs as one (RFC 3875, 4.1.18).</summary>
    private static string? Shadowed(string name)
    {
        var dashed = name.Replace('_', '-');
        return Single.TryGetValue(dashed, out var single) ? single : HeaderPolicy.IsOurs(dashed) ? dashed.ToLowerInvariant() : null;
    }

    private static string Known(string name) => Single.TryGetValue(name, out var known) ? known : name;
}
