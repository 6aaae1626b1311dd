namespace Platform.Local.Build;

internal static class SourceTimes
{
    /// <summary>When the newest file of these folders and files of the repository was written.</summary>
    public static DateTime Newest(Home home, IEnumerable<string> paths) => paths
        .Select(s => Path.Combine(home.Repository, s))
        .SelectMany(p => Directory.Exists(p) ? Directory.EnumerateFiles(p, "*", SearchOption.AllDirectories) : [p])
        .Max(File.GetLastWriteTimeUtc);
}
