using System.Security.Cryptography;
using Npgsql;
using Platform.Control.Data;
using Platform.Local.Processes;
using Platform.Local.Servers;
using Platform.Migrations;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(Platform.Control.Tests.Servers))]

namespace Platform.Control.Tests;

/// <summary>A private PostgreSQL and RabbitMQ for the test run, with a migrated template database.</summary>
public sealed class Servers : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("control-tests-").FullName;
    private readonly List<RunningProcess> _processes = [];
    private readonly string _password = RandomNumberGenerator.GetHexString(20);
    private string _superuser = "";

    public int BrokerPort { get; private set; }

    public Uri BrokerManagement { get; private set; } = new("http://localhost");

    /// <summary>Connects as somebody who may do everything.</summary>
    internal ConnectionFactory BrokerFactory =>
        new() { HostName = "127.0.0.1", Port = BrokerPort, UserName = "owner", Password = "owner", AutomaticRecoveryEnabled = false };

    public async ValueTask InitializeAsync()
    {
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        var ports = FreePorts.Take(5);
        var postgres = new PostgresCluster(Path.Combine(_directory, "postgres"), ports[0], _password, durable: false);
        _superuser = postgres.Superuser;
        BrokerPort = ports[1];
        BrokerManagement = new($"http://127.0.0.1:{ports[2]}");
        var users = new[]
        {
            new BrokerUser("owner", "owner", "administrator", ".*", ".*", ".*"),
            new BrokerUser("control", "control", "", "^(platform|control)[.].*", "^(platform|control)[.].*", "^(platform|control)[.].*"),
        };
        var rabbit = new RabbitNode(Path.Combine(_directory, "rabbit"), new(ports[1], ports[2], ports[3], ports[4]), users).StartAsync(_directory);
        _processes.Add(await postgres.StartAsync(_directory));
        await MakeTemplateAsync();
        _processes.AddRange(await rabbit);
        await Steps.BrokerAsync(new() { Host = "127.0.0.1", Port = BrokerPort, User = "owner", Password = "owner" }, TestContext.Current.CancellationToken);
    }

    /// <summary>A fresh database from the migrated template.</summary>
    internal async Task<DatabaseSettings> NewDatabaseAsync()
    {
        var name = "t_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(_superuser, $"CREATE DATABASE {name} TEMPLATE template_platform OWNER owner");
        return new() { Tenant = As(name, "tenant"), Platform = As(name, "platform"), Ingest = As(name, "ingest_login") };
    }

    /// <summary>The owner's connection string of the database that the settings name.</summary>
    internal string Owner(DatabaseSettings settings) => As(new NpgsqlConnectionStringBuilder(settings.Tenant).Database!, "owner");

    /// <summary>The superuser's connection string of the database that the settings name.</summary>
    internal string Superuser(DatabaseSettings settings) =>
        new NpgsqlConnectionStringBuilder(_superuser) { Database = new NpgsqlConnectionStringBuilder(settings.Tenant).Database }.ConnectionString;

    /// <summary>Closes a database to everybody, sessions that are open included, or opens it again.</summary>
    internal async Task LetInAsync(DatabaseSettings settings, bool yes)
    {
        var name = new NpgsqlConnectionStringBuilder(settings.Tenant).Database;
        await ExecuteAsync(_superuser, $"ALTER DATABASE {name} ALLOW_CONNECTIONS {yes}");
        if (!yes)
            await ExecuteAsync(_superuser, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var process in Enumerable.Reverse(_processes))
            await process.StopAsync(TimeSpan.FromSeconds(10), process.Name == PostgresCluster.ProcessName ? "INT" : "TERM");
        Directory.Delete(_directory, recursive: true);
    }

    private async Task MakeTemplateAsync()
    {
        var owner = await DatabaseSetup.EnsureAsync(_superuser, "template_platform", "owner", _password);
        await Steps.DatabaseAsync(
            new() { Owner = owner, Tenant = As("template_platform", "tenant"), Platform = As("template_platform", "platform"), Ingest = As("template_platform", "ingest_login") },
            TestContext.Current.CancellationToken);
        NpgsqlConnection.ClearAllPools();
    }

    private string As(string database, string user) => DatabaseSetup.For(_superuser, database, user, _password) + ";Maximum Pool Size=20";

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
