using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data.Entities;

namespace Platform.Control.Data;

/// <summary>
/// The platform's tables. Only <see cref="Database"/> opens it for requests and jobs; a command outside a unit of work
/// throws (<see cref="UnitOfWorkGuard"/>).
/// </summary>
internal sealed class ControlDb(DbContextOptions<ControlDb> options) : DbContext(options)
{
    public const string MigrationsAssembly = "Platform.Migrations";

    private static readonly UnitOfWorkGuard Guard = new();

    /// <summary>Set by <see cref="Database"/> inside its transaction.</summary>
    public bool InUnitOfWork { get; set; }

    /// <summary>Set by the migrations, which run as the owner and without a tenant.</summary>
    public bool IsOwner { get; init; }

    public DbSet<TenantRow> Tenants => Set<TenantRow>();

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();

    public DbSet<PoolRow> Pools => Set<PoolRow>();

    public DbSet<EndpointRow> Endpoints => Set<EndpointRow>();

    public DbSet<ProviderKeyRow> ProviderKeys => Set<ProviderKeyRow>();

    public DbSet<ClientCertificateRow> ClientCertificates => Set<ClientCertificateRow>();

    public DbSet<ModelRow> Models => Set<ModelRow>();

    public DbSet<ModelTargetRow> ModelTargets => Set<ModelTargetRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();

    public DbSet<OperatorRow> Operators => Set<OperatorRow>();

    public DbSet<AuditEventRow> AuditEvents => Set<AuditEventRow>();

    public DbSet<AgentGroupRow> AgentGroups => Set<AgentGroupRow>();

    public DbSet<GroupKeyRow> GroupKeys => Set<GroupKeyRow>();

    public DbSet<PepperRow> Peppers => Set<PepperRow>();

    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    public DbSet<AgentRow> Agents => Set<AgentRow>();

    public DbSet<EnrolmentTokenRow> EnrolmentTokens => Set<EnrolmentTokenRow>();

    public DbSet<ConfigHeadRow> ConfigHeads => Set<ConfigHeadRow>();

    public DbSet<ConfigResourceRow> ConfigResources => Set<ConfigResourceRow>();

    public DbSet<ModelOfferRow> ModelOffers => Set<ModelOfferRow>();

    public DbSet<InvitationRow> Invitations => Set<InvitationRow>();

    public DbSet<IdentityProviderRow> IdentityProviders => Set<IdentityProviderRow>();

    public DbSet<ServiceClientRow> ServiceClients => Set<ServiceClientRow>();

    public DbSet<IdempotencyRow> IdempotencyKeys => Set<IdempotencyRow>();

    public DbSet<SignUpRow> SignUps => Set<SignUpRow>();

    public DbSet<PlatformSettingsRow> PlatformSettings => Set<PlatformSettingsRow>();

    public DbSet<QuotaRow> Quotas => Set<QuotaRow>();

    public DbSet<BudgetRow> Budgets => Set<BudgetRow>();

    public DbSet<GuardrailPolicyRow> GuardrailPolicies => Set<GuardrailPolicyRow>();

    public DbSet<IsolationPolicyRow> IsolationPolicies => Set<IsolationPolicyRow>();

    public DbSet<TrafficPolicyRow> TrafficPolicies => Set<TrafficPolicyRow>();

    public DbSet<PriceRow> Prices => Set<PriceRow>();

    public DbSet<UsageRecordRow> UsageRecords => Set<UsageRecordRow>();

    public DbSet<UsageHourRow> UsageHours => Set<UsageHourRow>();

    public DbSet<UsageDayRow> UsageDays => Set<UsageDayRow>();

    public DbSet<JournalWatermarkRow> JournalWatermarks => Set<JournalWatermarkRow>();

    public DbSet<UsageQuarantineRow> UsageQuarantine => Set<UsageQuarantineRow>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.AddInterceptors(Guard);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.MapId<TenantId>();
        configurationBuilder.MapId<ProjectId>();
        configurationBuilder.MapId<PoolId>();
        configurationBuilder.MapId<EndpointId>();
        configurationBuilder.MapId<ModelId>();
        configurationBuilder.MapId<ApiKeyId>();
        configurationBuilder.MapId<AgentId>();
        configurationBuilder.MapId<BootId>();
        configurationBuilder.MapId<RequestId>();
        configurationBuilder.MapText<AgentGroupName>();
        configurationBuilder.MapText<ApiKeyPrefix>();
        configurationBuilder.MapText<ModelName>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        TenantTables.Map(modelBuilder);
        PlatformTables.Map(modelBuilder);
        PolicyTables.Map(modelBuilder);
        AccessTables.Map(modelBuilder);
        UsageTables.Map(modelBuilder);
    }
}
