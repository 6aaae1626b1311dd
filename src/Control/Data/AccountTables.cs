using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>What belongs to a user's account, in schema <c>identity</c>.</summary>
internal static class AccountTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<PlatformUser>(e =>
        {
            // Counted by single conditional updates; saving a user that was read before must not set them back.
            foreach (var counted in new[] { nameof(PlatformUser.AccessFailedCount), nameof(PlatformUser.LockoutEnd), nameof(PlatformUser.TotpStep) })
                e.Property(counted).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        });
        model.Entity<SessionRow>(e =>
        {
            e.ToTable("sessions").HasKey(s => s.Id);
            e.Property(s => s.Address).HasMaxLength(SessionRow.MaxAddress);
            e.Property(s => s.UserAgent).HasMaxLength(SessionRow.MaxUserAgent);
            e.HasIndex(s => s.UserId);
            e.HasIndex(s => s.ExpiresAt);
            e.HasIndex(s => s.ProviderId).HasFilter("provider_id IS NOT NULL");
            e.HasOne<PlatformUser>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<SessionGrantRow>(e =>
        {
            e.ToTable("session_grants").HasKey(g => g.AuthorizationId);
            e.HasIndex(g => g.SessionId);
            e.HasOne<SessionRow>().WithMany().HasForeignKey(g => g.SessionId).OnDelete(DeleteBehavior.Cascade);
            e.HasOne<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().WithMany().HasForeignKey(g => g.AuthorizationId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<OneTimeLinkRow>(e =>
        {
            e.ToTable("one_time_links").HasKey(l => new { l.UserId, l.Purpose });
            e.HasIndex(l => l.Hash).IsUnique();
            e.HasOne<PlatformUser>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<RecoveryCodeRow>(e =>
        {
            e.ToTable("recovery_codes").HasKey(c => new { c.UserId, c.Hash });
            e.HasOne<PlatformUser>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
