namespace Platform.Portal.Session;

/// <summary>Where to go after signing in: a page of this portal and nowhere else.</summary>
internal static class ReturnUrl
{
    public const string Home = "/";

    /// <summary>
    /// The address itself when it is a path here; else <see cref="Home"/>. Browsers read <c>//host</c> and <c>/\host</c>
    /// as another host, and drop control characters before they look.
    /// </summary>
    public static string Local(string? url)
    {
        if (url is null || url.Length > 2000 || !url.StartsWith('/') || url.Any(c => char.IsControl(c) || c == '\\'))
            return Home;
        if (url.StartsWith("//", StringComparison.Ordinal) || url.StartsWith("/sign-", StringComparison.Ordinal) || url.StartsWith("/signed-", StringComparison.Ordinal))
            return Home;
        return url;
    }

    public static string SignIn(string? url) => $"/sign-in?returnUrl={Uri.EscapeDataString(Local(url))}";
}
