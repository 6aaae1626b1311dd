using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;

namespace Platform.Contracts.Json;

/// <summary>How documents and messages between Control and agents are written: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ConfigResource))]
[JsonSerializable(typeof(ConfigCatchUpHead))]
[JsonSerializable(typeof(PlatformDocument))]
[JsonSerializable(typeof(TenantDocument))]
[JsonSerializable(typeof(PoolDocument))]
[JsonSerializable(typeof(KeyShardDocument))]
[JsonSerializable(typeof(GuardrailSpec))]
[JsonSerializable(typeof(IsolationSpec))]
[JsonSerializable(typeof(TrafficSpec))]
[JsonSerializable(typeof(ModelRouting))]
[JsonSerializable(typeof(PriceSpec))]
[JsonSerializable(typeof(QuotaSpec))]
[JsonSerializable(typeof(ConfigChanged))]
[JsonSerializable(typeof(ConfigHead))]
[JsonSerializable(typeof(ConfigApplied))]
[JsonSerializable(typeof(UsageBatch))]
[JsonSerializable(typeof(JournalHeads))]
[JsonSerializable(typeof(UsageReplayRequested))]
[JsonSerializable(typeof(UsageRecord))]
[JsonSerializable(typeof(IReadOnlyList<UsageAttempt>))]
[JsonSerializable(typeof(EnrolAgentRequest))]
[JsonSerializable(typeof(EnrolAgentAnswer))]
[JsonSerializable(typeof(AgentSecrets))]
[JsonSerializable(typeof(SealedForAgent))]
public sealed partial class WireJson : JsonSerializerContext;
