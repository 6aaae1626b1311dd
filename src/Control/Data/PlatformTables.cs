using Microsoft.EntityFrameworkCore;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>Tables of the platform itself, without a tenant.</summary>
internal static class PlatformTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<OperatorRow>(e =>
        {
            e.ToTable("operators").HasKey(o => o.Principal);
            e.Property(o => o.Version).IsConcurrencyToken();
        });
        model.Entity<AgentGroupRow>(e =>
        {
            e.ToTable("agent_groups").HasKey(g => g.Name);
            e.Property(g => g.Version).IsConcurrencyToken();
        });
        model.Entity<GroupKeyRow>(e =>
        {
            e.ToTable("group_keys").HasKey(k => new { k.GroupName, k.KeyId });
            e.HasOne<AgentGroupRow>().WithMany().HasForeignKey(k => k.GroupName).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<PepperRow>().ToTable("peppers").HasKey(p => p.Id);
        model.Entity<SigningKeyRow>().ToTable("signing_keys").HasKey(k => k.Id);
        model.Entity<AgentRow>(e =>
        {
            e.ToTable("agents").HasKey(a => a.Id);
            e.HasIndex(a => a.GroupName);
            e.HasOne<AgentGroupRow>().WithMany().HasForeignKey(a => a.GroupName).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<EnrolmentTokenRow>(e =>
        {
            e.ToTable("enrolment_tokens").HasKey(t => t.Hash);
            e.HasOne<AgentGroupRow>().WithMany().HasForeignKey(t => t.GroupName).OnDelete(DeleteBehavior.Restrict);
        });
        model.Entity<ConfigHeadRow>(e =>
        {
            e.ToTable("config_head", t => t.HasCheckConstraint("ck_config_head_one_row", "id = 1"));
            e.HasKey(h => h.Id);
            e.Property(h => h.Id).ValueGeneratedNever();
        });
    }
}
