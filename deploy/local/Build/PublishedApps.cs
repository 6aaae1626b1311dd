using Platform.Local.Processes;

namespace Platform.Local.Build;

/// <summary>The deployables, published once and run from a copy, so that a build never disturbs what runs.</summary>
public sealed class PublishedApps(Home home)
{
    public static readonly IReadOnlyList<string> Names = ["Migrations", "Control", "Gateway", "Portal", "GpuWorker"];

    private static readonly string[] Sources = ["src", "migrations", "tests/GpuWorker", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private string StampFile => Path.Combine(home.AppDirectory, "stamp");

    /// <summary>The command line that starts an app.</summary>
    public IReadOnlyList<string> Command(string app, params string[] arguments) =>
        ["dotnet", Path.Combine(home.AppDirectory, app, $"Platform.{app}.dll"), .. arguments];

    /// <summary>Publishes when a source is newer than the last publication. With <paramref name="noBuild"/> what is built is taken.</summary>
    public async Task EnsureAsync(bool noBuild)
    {
        var newest = NewestSource();
        if (File.Exists(StampFile) && File.GetLastWriteTimeUtc(StampFile) >= newest)
            return;
        Console.WriteLine("Publishing the programs ...");
        List<string> command =
        [
            "dotnet", "publish", Path.Combine(home.Repository, "deploy/local/Apps.slnf"), "-c", "Release", "-v", "quiet", "--nologo",
        ];
        if (noBuild)
            command.Add("--no-build");
        await Launcher.RunAsync("dotnet publish", command);
        foreach (var app in Names)
            Take(app);
        await File.WriteAllTextAsync(StampFile, "");
        File.SetLastWriteTimeUtc(StampFile, newest);
    }

    /// <summary>Publishes one app of <c>src</c>, as it is in the checkout.</summary>
    public async Task PublishAsync(string app)
    {
        Console.WriteLine($"Publishing {app} ...");
        var project = Path.Combine(home.Repository, "src", app, app + ".csproj");
        await Launcher.RunAsync("dotnet publish", ["dotnet", "publish", project, "-c", "Release", "-v", "quiet", "--nologo"]);
        Take(app);
    }

    private void Take(string app) =>
        Copy(Path.Combine(home.Repository, "artifacts/publish", app, "release"), Path.Combine(home.AppDirectory, app));

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    private DateTime NewestSource() => SourceTimes.Newest(home, Sources);
}
