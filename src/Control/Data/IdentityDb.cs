using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>
/// Users (ASP.NET Core Identity, schema version 3), clients and tokens (OpenIddict), data protection keys: schema
/// <c>identity</c>, role <c>control_platform</c>. No tenant's data is in it.
/// </summary>
internal sealed class IdentityDb(DbContextOptions<IdentityDb> options)
    : IdentityUserContext<PlatformUser, Guid>(options), IDataProtectionKeyContext
{
    public const string Schema = "identity";

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<SessionGrantRow> SessionGrants => Set<SessionGrantRow>();

    public DbSet<OneTimeLinkRow> OneTimeLinks => Set<OneTimeLinkRow>();

    public DbSet<RecoveryCodeRow> RecoveryCodes => Set<RecoveryCodeRow>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.UseOpenIddict<Guid>();
        builder.Entity<PlatformUser>().ToTable("users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
        builder.Entity<IdentityUserPasskey<Guid>>().ToTable("user_passkeys");
        builder.Entity<OpenIddictEntityFrameworkCoreApplication<Guid>>().ToTable("clients");
        builder.Entity<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().ToTable("authorizations");
        builder.Entity<OpenIddictEntityFrameworkCoreScope<Guid>>().ToTable("scopes");
        builder.Entity<OpenIddictEntityFrameworkCoreToken<Guid>>().ToTable("tokens");
        builder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
        AccountTables.Map(builder);
    }
}

/// <summary>A person who signs in; the <c>sub</c> of their tokens is the id.</summary>
internal sealed class PlatformUser : IdentityUser<Guid>
{
    /// <summary>The authenticator app's secret, sealed with the master key; in use while two-factor is on, else being set up.</summary>
    public byte[]? TotpSecret { get; set; }

    /// <summary>The last time step (RFC 6238) whose code was used: neither it nor an earlier one is taken again.</summary>
    public long? TotpStep { get; init; }
}
