using Microsoft.EntityFrameworkCore;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>How people and programs come into a tenant, and what they have asked for already.</summary>
internal static class AccessTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<InvitationRow>(e =>
        {
            e.ToTable("invitations").HasKey(i => new { i.TenantId, i.Id });
            e.HasIndex(i => new { i.TenantId, i.TokenHash }).IsUnique();
            e.HasIndex(i => i.TokenHash);
            e.HasIndex(i => i.MailedTokenHash);
            e.HasOne<TenantRow>().WithMany().HasForeignKey(i => i.TenantId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<IdentityProviderRow>(e =>
        {
            e.ToTable("identity_providers").HasKey(i => new { i.TenantId, i.Id });
            e.HasIndex(i => new { i.TenantId, i.Name }).IsUnique();
            e.HasIndex(i => i.Domain);
            e.Property(i => i.Version).IsConcurrencyToken();
            e.HasOne<TenantRow>().WithMany().HasForeignKey(i => i.TenantId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ServiceClientRow>(e =>
        {
            e.ToTable("service_clients").HasKey(c => new { c.TenantId, c.Id });
            e.HasIndex(c => c.ClientId);
            e.Property(c => c.Version).IsConcurrencyToken();
            e.HasOne<TenantRow>().WithMany().HasForeignKey(c => c.TenantId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<IdempotencyRow>(e =>
        {
            e.ToTable("idempotency_keys").HasKey(i => new { i.TenantId, i.Principal, i.Key });
            e.HasIndex(i => i.CreatedAt);
        });
        model.Entity<SignUpRow>(e =>
        {
            e.ToTable("sign_ups").HasKey(s => s.Id);
            e.HasIndex(s => s.State);
        });
        model.Entity<PlatformSettingsRow>(e =>
        {
            e.ToTable("platform_settings", t => t.HasCheckConstraint("ck_platform_settings_one_row", "id = 1"));
            e.HasKey(s => s.Id);
            e.Property(s => s.Id).ValueGeneratedNever();
            e.Property(s => s.Version).IsConcurrencyToken();
        });
    }
}
