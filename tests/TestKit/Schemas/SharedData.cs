namespace Platform.TestKit.Schemas;

/// <summary>
/// Data that is not part of the repository: the folder that <c>PLATFORM_SHARED_DATA</c> names, or <c>shared/data</c> in a
/// folder above the tests (beside the checkout, then).
/// </summary>
public static class SharedData
{
    public const string Variable = "PLATFORM_SHARED_DATA";

    /// <summary>A file of the data, or null where this machine lacks it.</summary>
    public static string? Find(string path)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var folders = string.IsNullOrEmpty(named) ? Above(AppContext.BaseDirectory) : [named];
        return folders.Select(f => Path.Combine(f, path)).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared", "data");
    }
}
