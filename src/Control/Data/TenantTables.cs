using Microsoft.EntityFrameworkCore;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>Tables under row-level security: the tenant comes first in every key and unique constraint.</summary>
internal static class TenantTables
{
    /// <summary>A name is free again when its thing is deleted.</summary>
    private const string NotDeleted = "deleted_at IS NULL";

    public static void Map(ModelBuilder model)
    {
        model.Entity<TenantRow>(e =>
        {
            e.ToTable("tenants").HasKey(t => t.Id);
            e.HasIndex(t => t.Slug).IsUnique();
            e.HasIndex(t => new { t.Name, t.Id });
            e.Property(t => t.Version).IsConcurrencyToken();
            e.HasOne<AgentGroupRow>().WithMany().HasForeignKey(t => t.GroupName).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ProjectRow>(e =>
        {
            e.ToTable("projects").HasKey(p => new { p.TenantId, p.Id });
            e.HasIndex(p => new { p.TenantId, p.Name }).IsUnique().HasFilter(NotDeleted);
            e.Property(p => p.Version).IsConcurrencyToken();
            e.HasOne<TenantRow>().WithMany().HasForeignKey(p => p.TenantId).OnDelete(DeleteBehavior.Restrict);
        });
        MapPools(model);
        MapModels(model);
        model.Entity<ApiKeyRow>(e =>
        {
            e.ToTable("api_keys").HasKey(k => new { k.TenantId, k.Id });
            e.HasIndex(k => new { k.TenantId, k.Prefix }).IsUnique();
            e.HasIndex(k => new { k.TenantId, k.Shard });
            e.HasIndex(k => new { k.TenantId, k.Name, k.Id });
            e.HasIndex(k => new { k.TenantId, k.ProjectId, k.Id });
            e.Property(k => k.Version).IsConcurrencyToken();
            e.HasOne<ProjectRow>().WithMany().HasForeignKey(k => new { k.TenantId, k.ProjectId }).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<MembershipRow>(e =>
        {
            e.ToTable("memberships").HasKey(m => new { m.TenantId, m.Principal });
            e.HasIndex(m => m.Principal);
            e.Property(m => m.Version).IsConcurrencyToken();
            e.HasOne<TenantRow>().WithMany().HasForeignKey(m => m.TenantId).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<AuditEventRow>(e =>
        {
            e.ToTable("audit_events").HasKey(a => new { a.TenantId, a.Id });
            e.HasIndex(a => new { a.TenantId, a.At });
            e.HasIndex(a => new { a.TenantId, a.Target, a.Id });
            e.HasIndex(a => new { a.TenantId, a.Actor, a.Id });
        });
        model.Entity<ConfigResourceRow>(e =>
        {
            e.ToTable("config_resources").HasKey(r => new { r.TenantId, r.GroupName, r.Kind, r.Key });
            e.HasIndex(r => new { r.GroupName, r.Revision });
        });
    }

    private static void MapPools(ModelBuilder model)
    {
        model.Entity<PoolRow>(e =>
        {
            e.ToTable("pools").HasKey(p => new { p.TenantId, p.Id });
            e.HasIndex(p => new { p.TenantId, p.Name }).IsUnique().HasFilter(NotDeleted);
            e.Property(p => p.Version).IsConcurrencyToken();
            e.HasOne<TenantRow>().WithMany().HasForeignKey(p => p.TenantId).OnDelete(DeleteBehavior.Restrict);
            e.HasOne<AgentGroupRow>().WithMany().HasForeignKey(p => p.GroupName).OnDelete(DeleteBehavior.Restrict);
            e.HasMany(p => p.Endpoints).WithOne().HasForeignKey(x => new { x.TenantId, x.PoolId }).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(p => p.ProviderKey).WithOne().HasForeignKey<ProviderKeyRow>(k => new { k.TenantId, k.PoolId }).OnDelete(DeleteBehavior.Cascade);
            e.HasOne(p => p.ClientCertificate).WithOne().HasForeignKey<ClientCertificateRow>(c => new { c.TenantId, c.PoolId }).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<EndpointRow>().ToTable("endpoints").HasKey(x => new { x.TenantId, x.PoolId, x.Id });
        model.Entity<ClientCertificateRow>().ToTable("client_certificates").HasKey(c => new { c.TenantId, c.PoolId });
        model.Entity<ProviderKeyRow>().ToTable("provider_keys").HasKey(k => new { k.TenantId, k.PoolId });
    }

    private static void MapModels(ModelBuilder model)
    {
        model.Entity<ModelRow>(e =>
        {
            e.ToTable("models").HasKey(m => new { m.TenantId, m.Id });
            e.HasIndex(m => new { m.TenantId, m.Name }).IsUnique().HasFilter(NotDeleted);
            e.Property(m => m.Version).IsConcurrencyToken();
            e.HasOne<TenantRow>().WithMany().HasForeignKey(m => m.TenantId).OnDelete(DeleteBehavior.Restrict);
            e.HasMany(m => m.Targets).WithOne().HasForeignKey(t => new { t.TenantId, t.ModelId }).OnDelete(DeleteBehavior.Cascade);
        });

        model.Entity<ModelOfferRow>(e =>
        {
            e.ToTable("model_offers").HasKey(o => new { o.TenantId, o.ModelId, o.OfferedTo });
            e.HasIndex(o => new { o.TenantId, o.OfferedTo });
            e.HasOne<ModelRow>().WithMany().HasForeignKey(o => new { o.TenantId, o.ModelId }).OnDelete(DeleteBehavior.Cascade);
        });

        // No foreign key to the pool: it may be another tenant's row (the platform's), which a table distributed by
        // tenant cannot reference. The check keeps it to these two.
        model.Entity<ModelTargetRow>(e =>
        {
            e.ToTable("model_targets", t => t.HasCheckConstraint(
                "ck_model_targets_pool_tenant",
                "pool_tenant_id IN (tenant_id, '00000000-0000-7000-8000-000000000001'::uuid)"));
            e.HasKey(t => new { t.TenantId, t.ModelId, t.Ordinal });
            e.HasIndex(t => new { t.TenantId, t.PoolTenantId, t.PoolId });
        });
    }
}
