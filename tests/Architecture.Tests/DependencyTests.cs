using System.Xml.Linq;

namespace Platform.Architecture.Tests;

public sealed class DependencyTests
{
    [Fact]
    public void Every_package_has_its_line_among_the_decisions()
    {
        var decisions = string.Join('\n', Directory.GetFiles(Path.Combine(Repository.Root, "docs/decisions")).Select(File.ReadAllText));
        var packages = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(p => p.Attribute("Include")!.Value);

        packages.Where(p => !decisions.Contains(p, StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
