using Microsoft.EntityFrameworkCore;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>The ledger and what keeps it complete.</summary>
internal static class UsageTables
{
    public static void Map(ModelBuilder model)
    {
        model.Entity<UsageRecordRow>(e =>
        {
            e.ToTable("usage_records").HasKey(r => new { r.TenantId, r.Day, r.Id });
            e.HasIndex(r => new { r.TenantId, r.StartedAt });
        });
        model.Entity<UsageHourRow>().ToTable("usage_hourly").HasKey(t => new { t.TenantId, t.Hour, t.ProjectId, t.ApiKeyId, t.Model });
        model.Entity<UsageDayRow>().ToTable("usage_daily").HasKey(t => new { t.TenantId, t.Day, t.ProjectId, t.ApiKeyId, t.Model });
        model.Entity<JournalWatermarkRow>().ToTable("journal_watermarks").HasKey(w => new { w.AgentId, w.BootId });
        model.Entity<UsageQuarantineRow>(e =>
        {
            e.ToTable("usage_quarantine").HasKey(q => q.Id);
            e.Property(q => q.Id).ValueGeneratedNever();
        });
    }
}
