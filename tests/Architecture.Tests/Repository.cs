using System.Reflection;
using System.Xml.Linq;

namespace Platform.Architecture.Tests;

/// <summary>The checkout: its projects, its sources, its assemblies.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    public static readonly IReadOnlyList<string> Deployables = ["Control", "Gateway", "Portal"];

    public static Assembly Load(string project) => Assembly.Load("Platform." + project);

    /// <summary>Names of the projects that a project refers to.</summary>
    public static IReadOnlyList<string> ProjectReferences(string project) =>
        [.. XDocument.Load(Path.Combine(Root, project)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))];

    public static IReadOnlyList<string> Packages(string project) =>
        [.. XDocument.Load(Path.Combine(Root, project)).Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value)];

    /// <summary>Every C# and Razor source below a folder, generated migrations left out.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(params string[] folders) => folders
        .Select(f => Path.Combine(Root, f))
        .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
        .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal))
        .Where(f => !IsGeneratedMigration(f))
        .Select(f => (Path.GetRelativePath(Root, f), File.ReadAllText(f)));

    private static bool IsGeneratedMigration(string path) =>
        path.EndsWith(".Designer.cs", StringComparison.Ordinal) || path.EndsWith("ModelSnapshot.cs", StringComparison.Ordinal)
        || (path.Contains("/migrations/", StringComparison.Ordinal) && char.IsAsciiDigit(Path.GetFileName(path)[0]));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Platform.sln was not found above the tests.");
        return folder.FullName;
    }
}
