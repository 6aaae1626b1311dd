namespace Platform.Portal;

internal static class PublishedOutput
{
    /// <summary>
    /// Where published output has its wwwroot, whatever the working directory; null for a run from the sources, which
    /// finds its assets by the build's manifest.
    /// </summary>
    public static string? Root =>
        Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")) ? AppContext.BaseDirectory : null;
}
