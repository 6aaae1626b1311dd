using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Control.Data;

namespace Platform.Migrations;

/// <summary>For <c>dotnet ef migrations add NAME --context ControlDb --output-dir Migrations/Control --namespace Platform.Migrations.ControlSchema</c>; it opens no connection.</summary>
internal sealed class ControlDbFactory : IDesignTimeDbContextFactory<ControlDb>
{
    public ControlDb CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<ControlDb>();
        builder.UseControlDb(NpgsqlDataSource.Create("Host=localhost"));
        return new(builder.Options) { IsOwner = true };
    }
}

/// <summary>For <c>dotnet ef migrations add NAME --context IdentityDb --output-dir Migrations/Identity --namespace Platform.Migrations.IdentitySchema</c>; it opens no connection.</summary>
internal sealed class IdentityDbFactory : IDesignTimeDbContextFactory<IdentityDb>
{
    public IdentityDb CreateDbContext(string[] args)
    {
        var services = new ServiceCollection().AddIdentityDb(_ => NpgsqlDataSource.Create("Host=localhost"));
        return services.BuildServiceProvider().GetRequiredService<IdentityDb>();
    }
}
