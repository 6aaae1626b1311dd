using Platform.Contracts.Ids;
using Platform.Contracts.Usage;

namespace Platform.Control.Tests.Usage;

/// <summary>Usage records for tests: plausible, and each with its own id.</summary>
internal static class Records
{
    public static UsageRecord Some(AgentId agent, BootId boot, long sequence, TenantId tenant, DateTimeOffset? startedAt = null) => new()
    {
        Id = RequestId.New(),
        AgentId = agent,
        BootId = boot,
        Sequence = sequence,
        StartedAt = startedAt ?? DateTimeOffset.UtcNow,
        TenantId = tenant,
        ProjectId = new(new Guid("10000000-0000-7000-8000-000000000001")),
        ApiKeyId = new(new Guid("20000000-0000-7000-8000-000000000001")),
        ModelAsked = "chat-small",
        ModelServed = "llama-3.1-8b",
        PoolId = PoolId.New(),
        EndpointId = EndpointId.New(),
        Operation = Operations.Chat,
        InputTokens = 120,
        CachedInputTokens = 20,
        OutputTokens = 40,
        ReasoningTokens = 5,
        UsageSource = UsageSources.Provider,
        Status = 200,
        FinishReason = "stop",
        FirstTokenMs = 12.5,
        TotalMs = 80,
        ConfigRevision = 3,
    };
}
