using System.Buffers;

namespace Platform.Gateway.Configuration;

/// <summary>Where a page is from: scheme, host and port (RFC 6454, 6.2).</summary>
internal static class WebOrigin
{
    /// <summary>Stands for all of them.</summary>
    public const string Any = "*";

    private const string Mark = "://";

    private static readonly SearchValues<char> NotOfAuthority = SearchValues.Create("/\\?#@* ");

    /// <summary>The origin as a browser writes it: in lower case, ASCII, and without the port that the scheme implies. Null where the text is none.</summary>
    public static string? Parse(string? text)
    {
        var mark = text?.IndexOf(Mark, StringComparison.Ordinal) ?? -1;
        if (mark <= 0 || text!.AsSpan(mark + Mark.Length).ContainsAny(NotOfAuthority)
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.IdnHost.Length == 0)
            return null;
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost.ToLowerInvariant();
        return uri.IsDefaultPort ? $"{uri.Scheme}{Mark}{host}" : $"{uri.Scheme}{Mark}{host}:{uri.Port}";
    }
}
