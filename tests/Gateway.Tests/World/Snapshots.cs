namespace Platform.Gateway.Tests.World;

/// <summary>
/// Parts of files that are made from the code, so that a change of it is seen in review. With
/// <c>PLATFORM_UPDATE_SNAPSHOTS=1</c> they are written anew instead of compared.
/// </summary>
internal static class Snapshots
{
    private static bool Updates => Environment.GetEnvironmentVariable("PLATFORM_UPDATE_SNAPSHOTS") == "1";

    /// <summary>The part of a file between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>.</summary>
    public static async Task HoldsAsync(string path, string name, string expected, CancellationToken ct)
    {
        var file = Path.Combine(Root(), path);
        var text = await File.ReadAllTextAsync(file, ct);
        var (from, to) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var start = text.IndexOf(from, StringComparison.Ordinal) + from.Length;
        var end = text.IndexOf(to, StringComparison.Ordinal);
        start.ShouldBeGreaterThan(from.Length - 1, $"{path} has no part {name}");
        end.ShouldBeGreaterThanOrEqualTo(start);
        if (Updates)
            await File.WriteAllTextAsync(file, text[..start] + expected + text[end..], ct);
        else
            text[start..end].ShouldBe(expected, $"{path} is behind the code: run the tests once with PLATFORM_UPDATE_SNAPSHOTS=1 and review the change");
    }

    private static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Platform.sln")))
                return directory.FullName;
        }
        throw new InvalidOperationException("The repository is not above the tests.");
    }
}
