using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Local.Processes;

namespace Platform.Control.Tests.Bootstrap;

/// <summary>The command as an installer runs it: a process of its own, JSON in and JSON out.</summary>
public sealed class BootstrapTests(Servers servers) : IDisposable
{
    private const string Request =
        """
        {
          "portal": { "clientId": "portal", "clientSecret": "a secret", "baseUrl": "http://localhost:5200" },
          "operator": { "email": "op@example.com", "password": "correct horse battery" },
          "automation": { "clientId": "automation", "clientSecret": "another secret" },
          "tenant": { "name": "Acme", "slug": "acme", "group": "edge", "adminEmail": "admin@example.com", "adminPassword": "correct horse battery" }
        }
        """;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly string _masterKey = MasterKeyFile();

    [Fact]
    public async Task It_makes_what_is_missing_and_may_be_run_again()
    {
        var settings = await servers.NewDatabaseAsync();

        var first = await RunAsync(settings, Request);
        var second = await RunAsync(settings, Request.Replace("correct horse", "a different", StringComparison.Ordinal));

        first.Code.ShouldBe(0, first.Error);
        second.Code.ShouldBe(0, second.Error);
        var tenant = TenantId.Parse(JsonDocument.Parse(first.Output).RootElement.GetProperty("tenantId").GetString()!);
        second.Output.ShouldBe(first.Output);
        await using var database = new Database(settings);
        var made = await database.InPlatformAsync(
            async (db, ct) => new
            {
                Operators = await db.Operators.CountAsync(ct),
                Roles = await db.Memberships.Where(m => m.TenantId == tenant).Select(m => m.Role).ToListAsync(ct),
                Group = await db.Tenants.Where(t => t.Id == tenant).Select(t => t.GroupName).SingleAsync(ct),
                GroupKeys = await db.GroupKeys.CountAsync(ct),
                Peppers = await db.Peppers.CountAsync(ct),
                Signing = await db.SigningKeys.CountAsync(ct),
                Resources = await db.ConfigResources.Where(r => r.TenantId == tenant).CountAsync(ct),
            },
            Cancel);
        made.Operators.ShouldBe(2);
        made.Roles.ShouldBe([TenantRoles.Admin, TenantRoles.Admin]);
        made.Group.Value.ShouldBe("edge");
        made.GroupKeys.ShouldBe(2);
        made.Peppers.ShouldBe(1);
        made.Signing.ShouldBe(2);
        made.Resources.ShouldBe(1);
    }

    [Fact]
    public async Task Another_authoritys_people_are_known_by_their_subject()
    {
        var settings = await servers.NewDatabaseAsync();

        var run = await RunAsync(settings, """{ "operator": { "subject": "their|operator" }, "tenant": { "name": "Acme", "slug": "acme", "adminSubject": "their|admin" } }""");

        run.Code.ShouldBe(0, run.Error);
        await using var database = new Database(settings);
        var (operators, members) = await database.InPlatformAsync(
            async (db, ct) => (await db.Operators.Select(o => o.Principal).ToListAsync(ct), await db.Memberships.Select(m => m.Principal).ToListAsync(ct)), Cancel);
        operators.ShouldBe(["their|operator"]);
        members.ShouldBe(["their|admin"]);
    }

    [Theory]
    [InlineData("""{ "operator": { } }""", "subject")]
    [InlineData("""{ "operator": { "email": "op@example.com", "password": "short" } }""", "op@example.com")]
    [InlineData("""{ "tenant": { "name": "P", "slug": "platform" } }""", "platform")]
    [InlineData("""{ "unknown": 1 }""", "unknown")]
    [InlineData("not json", "invalid")]
    public async Task What_it_cannot_do_it_says_in_one_line(string request, string expected)
    {
        var run = await RunAsync(await servers.NewDatabaseAsync(), request);

        run.Code.ShouldBe(1);
        run.Output.ShouldBeEmpty();
        run.Error.Trim().ShouldNotContain("\n");
        run.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_in_one_line()
    {
        var nowhere = $"Host=127.0.0.1;Port={FreePorts.Take(1)[0]};Database=x;Username=x;Password=x";

        var run = await RunAsync(new() { Tenant = nowhere, Platform = nowhere, Ingest = nowhere }, "{}");

        run.Code.ShouldBe(1);
        run.Error.Trim().ShouldBe("The database does not answer; start it or mend the section Database.");
    }

    public void Dispose() => File.Delete(_masterKey);

    private static string MasterKeyFile()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return file;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(DatabaseSettings settings, string request)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ControlSettings).Assembly.Location, "bootstrap"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Control__PublicUrl"] = "http://localhost:5100",
                ["Secrets__MasterKeyFile"] = _masterKey,
                ["Database__Tenant"] = settings.Tenant,
                ["Database__Platform"] = settings.Platform,
                ["Database__Ingest"] = settings.Ingest,
                ["Broker__User"] = "control",
                ["Broker__Password"] = "control",
                ["Logging__LogLevel__Default"] = "Error",
            },
        };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(request);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await error);
    }
}
