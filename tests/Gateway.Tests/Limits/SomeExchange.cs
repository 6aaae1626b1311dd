using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Gateway.Authentication;
using Platform.Gateway.Configuration;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Tests.Limits;

/// <summary>Requests of one key, of a tenant with quotas, without a gateway around them.</summary>
internal sealed class SomeExchange
{
    public static readonly TenantId Tenant = TenantId.New();
    public static readonly ProjectId Project = ProjectId.New();
    public static readonly ApiKeyId Key = ApiKeyId.New();

    private static readonly ModelEntry Model = new(ModelId.New(), ModelName.Parse("some/model"), "tenant", DateTimeOffset.UnixEpoch, [], [ModelName.Parse("alias")]);

    public static QuotaEntry Quota(QuotaSpec limits, string scope = LimitScopes.Tenant, string? model = null) => new(
        Guid.NewGuid(), scope, scope == LimitScopes.Project ? Project.Value : scope == LimitScopes.Key ? Key.Value : null, model, limits);

    /// <summary>A chat completion with a prompt of 9 tokens, as they are estimated.</summary>
    public static Exchange Of(params QuotaEntry[] quotas) => Of(Snapshot.Empty, null, quotas);

    /// <param name="mostTokens">Of output, as the caller says; null where it does not.</param>
    public static Exchange Of(Snapshot snapshot, int? mostTokens, params QuotaEntry[] quotas)
    {
        var http = new DefaultHttpContext();
        http.Features.Set(new Arrival(RequestId.New(), DateTimeOffset.UnixEpoch, 0));
        var tenant = new TenantModel(Tenant, "tenant", Suspended: false, ModelTable.Of([Model]))
        {
            Policies = new(quotas, [], [], [], null, null),
        };
        var key = new KeyRecord(Tenant, "0", new ApiKeyEntry(Key, Project, PrefixOf(), "p1", []));
        var body = Encoding.UTF8.GetBytes($$"""{"model":"some/model","messages":[{"role":"user","content":"hello"}]{{(mostTokens is null ? "" : $",\"max_tokens\":{mostTokens}")}}}""");
        return new(http, new Caller(snapshot, tenant, key), new ChatOperation(), ChatRequestReader.Read(body).Value!, body, Model) { Policy = default, Buffers = new(new LimitsSettings()) };
    }

    public static UsageRecord Record(long input, long output) => new()
    {
        Id = RequestId.New(),
        AgentId = AgentId.New(),
        BootId = BootId.New(),
        StartedAt = DateTimeOffset.UnixEpoch,
        TenantId = Tenant,
        ProjectId = Project,
        PoolId = PoolId.New(),
        EndpointId = EndpointId.New(),
        ModelAsked = "some/model",
        ModelServed = "some/model",
        Operation = Operations.Chat,
        UsageSource = UsageSources.Provider,
        Status = 200,
        InputTokens = input,
        OutputTokens = output,
    };

    private static ApiKeyPrefix PrefixOf() => ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix) ? prefix : default;
}
