using Microsoft.EntityFrameworkCore;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>Limits, policies and prices of tenants, and the platform's own beneath them.</summary>
internal static class PolicyTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<QuotaRow>(e =>
        {
            e.ToTable("quotas").HasKey(q => new { q.TenantId, q.Id });
            e.HasIndex(q => new { q.TenantId, q.IsOperators, q.Scope, q.ScopeId, q.Model })
                .IsUnique().AreNullsDistinct(false).HasDatabaseName("ix_quotas_scope");
            e.Property(q => q.Version).IsConcurrencyToken();
            OfTenant(e);
        });
        model.Entity<BudgetRow>(e =>
        {
            e.ToTable("budgets").HasKey(b => new { b.TenantId, b.Id });
            e.HasIndex(b => new { b.TenantId, b.IsOperators, b.Name }).IsUnique();
            e.Property(b => b.Version).IsConcurrencyToken();
            e.Property(b => b.Amount).HasPrecision(18, 6);
            OfTenant(e);
        });
        model.Entity<GuardrailPolicyRow>(e =>
        {
            e.ToTable("guardrail_policies").HasKey(g => new { g.TenantId, g.Id });
            e.HasIndex(g => new { g.TenantId, g.Name }).IsUnique();
            e.Property(g => g.Version).IsConcurrencyToken();
            OfTenant(e);
        });
        model.Entity<IsolationPolicyRow>(e =>
        {
            e.ToTable("isolation_policies").HasKey(i => new { i.TenantId, i.IsOperators });
            e.Property(i => i.Version).IsConcurrencyToken();
            OfTenant(e);
        });
        model.Entity<TrafficPolicyRow>(e =>
        {
            e.ToTable("traffic_policies").HasKey(t => t.TenantId);
            e.Property(t => t.Version).IsConcurrencyToken();
            OfTenant(e);
        });
        model.Entity<PriceRow>(e =>
        {
            e.ToTable("prices").HasKey(p => new { p.TenantId, p.Id });
            e.HasIndex(p => new { p.TenantId, p.Model, p.EffectiveFrom });
            e.Property(p => p.Version).IsConcurrencyToken();
            OfTenant(e);
        });

        static void OfTenant<T>(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<T> e)
            where T : class =>
            e.HasOne<TenantRow>().WithMany().HasForeignKey("TenantId").OnDelete(DeleteBehavior.Restrict);
    }
}
