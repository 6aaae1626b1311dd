namespace Platform.Architecture.Tests;

public sealed class DirectionTests
{
    [Theory]
    [InlineData("src/Shared/Contracts/Contracts.csproj")]
    [InlineData("src/Shared/Hosting/Hosting.csproj", "Contracts")]
    [InlineData("src/Control/Control.csproj", "Hosting")]
    [InlineData("src/Gateway/Gateway.csproj", "Hosting")]
    [InlineData("src/Portal/Portal.csproj", "Hosting")]
    [InlineData("migrations/Migrations.csproj", "Control")]
    public void A_project_refers_to_what_it_may_and_nothing_else(string project, params string[] allowed) =>
        Repository.ProjectReferences(project).ShouldBe(allowed, ignoreOrder: true);

    [Fact]
    public void Contracts_needs_no_package() => Repository.Packages("src/Shared/Contracts/Contracts.csproj").ShouldBeEmpty();

    [Theory]
    [InlineData("Gateway")]
    [InlineData("Portal")]
    public void Only_Control_opens_the_database(string project) =>
        Repository.Load(project).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .ShouldNotContain(n => n.StartsWith("Npgsql", StringComparison.Ordinal) || n.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal));

    [Fact]
    public void Every_project_on_disk_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Platform.sln")).Replace('\\', '/');

        foreach (var folder in new[] { "src", "tests", "migrations", "e2e", "deploy" })
        {
            foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
                solution.ShouldContain(Path.GetRelativePath(Repository.Root, project));
        }
    }
}
