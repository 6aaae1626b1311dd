using Platform.Control.Api;

namespace Platform.Control.Policies;

/// <summary>What can be wrong with a traffic policy beyond its shape.</summary>
internal static class TrafficChecks
{
    private const string All = "*";
    private const int MaxLength = 300;

    public static void CheckOrigins(IReadOnlyList<string>? origins, Faults faults)
    {
        foreach (var (index, text) in (origins ?? []).Index())
        {
            var path = $"corsOrigins[{index}]";
            if (text == All && origins!.Count > 1)
                faults.Add(path, "* stands alone: it means all origins.");
            else if (text != All && !IsOrigin(text))
                faults.Add(path, "must be an origin as browsers write it, like https://app.example.com or http://127.0.0.1:8080: lower case, no path, no port that is the scheme's own.");
            else if (origins!.Take(index).Contains(text, StringComparer.Ordinal))
                faults.Add(path, "It stands twice.");
        }
    }

    /// <summary>
    /// Whether it is a tuple origin's serialisation (HTML standard, "ASCII serialization of an origin"), which browsers send
    /// and agents compare with.
    /// </summary>
    private static bool IsOrigin(string? text)
    {
        if (text is null or { Length: > MaxLength } || text.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_' or ':' or '/' or '[' or ']'))
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            return false;
        return uri.Port > 0 && uri.Host.Length > 0 && text == (uri.IsDefaultPort ? $"{uri.Scheme}://{uri.Host}" : FormattableString.Invariant($"{uri.Scheme}://{uri.Host}:{uri.Port}"));
    }
}
