using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Platform.Control.Data;

/// <summary>How both contexts are set up, in Control and in the migrations alike.</summary>
internal static class DatabaseOptions
{
    private const string HistoryTable = "migrations_history";

    public static DbContextOptionsBuilder UseControlDb(this DbContextOptionsBuilder builder, DbDataSource source) =>
        builder.UseNpgsql(source, o => o
                .MigrationsAssembly(ControlDb.MigrationsAssembly)
                .MigrationsHistoryTable(HistoryTable)
                .EnableRetryOnFailure())
            .UseSnakeCaseNamingConvention();

    /// <summary>Registers <see cref="IdentityDb"/>, which reads its schema version from the options of the container.</summary>
    public static IServiceCollection AddIdentityDb(this IServiceCollection services, Func<IServiceProvider, DbDataSource> source)
    {
        services.Configure<IdentityOptions>(o => o.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        return services.AddDbContext<IdentityDb>((provider, builder) => builder
            .UseNpgsql(source(provider), o => o
                .MigrationsAssembly(ControlDb.MigrationsAssembly)
                .MigrationsHistoryTable(HistoryTable, IdentityDb.Schema)
                .EnableRetryOnFailure())
            .UseSnakeCaseNamingConvention());
    }

    /// <summary>A pool of connections whose waits all have an end.</summary>
    public static NpgsqlDataSource Open(string connectionString, string applicationName) =>
        new NpgsqlDataSourceBuilder(Bounded(connectionString, applicationName).ConnectionString).Build();

    /// <summary>The connection string of one lasting session; a peer that is gone is noticed in seconds, by both ends.</summary>
    public static string Session(string connectionString, string applicationName)
    {
        var settings = Bounded(connectionString, applicationName);
        settings.Pooling = false;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 5;
        settings.TcpKeepAliveInterval = 1;
        settings.Options = $"{settings.Options} -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=5".TrimStart();
        return settings.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder Bounded(string connectionString, string applicationName)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!settings.ShouldSerialize("Timeout"))
            settings.Timeout = 5;
        if (!settings.ShouldSerialize("Command Timeout"))
            settings.CommandTimeout = 15;
        settings.ApplicationName ??= applicationName;
        return settings;
    }
}
