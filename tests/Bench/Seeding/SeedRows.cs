using System.Globalization;
using System.Security.Cryptography;
using NpgsqlTypes;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Bench.Seeding;

/// <summary>The rows of each table, made one by one while they are copied.</summary>
/// <param name="pepperId">The newest pepper. The keys' hashes are random: nobody knows a text that fits.</param>
/// <param name="sharedPool">What the models of tenants without a pool call.</param>
internal sealed class SeedRows(SeedPlan plan, string member, string pepperId, Guid sharedPool)
{
    private const string Group = "default";

    private readonly Dictionary<int, Guid> _pools = plan.Tenants.Where(t => t.HasPool).ToDictionary(t => t.Index, t => NewId(plan, t));
    private readonly Dictionary<int, Guid[]> _projects = plan.Tenants.ToDictionary(t => t.Index, t => Ids(t, t.Projects, plan));
    private readonly Dictionary<int, Guid[]> _models = plan.Tenants.Where(t => t.Models > 0).ToDictionary(t => t.Index, t => Ids(t, t.Models, plan));

    public IEnumerable<(TableLoad Table, IEnumerable<object?[]> Rows)> All() =>
    [
        (new("tenants", Id("id"), Text("name"), Text("slug"), Text("group_name"), Flag("suspended"), Flag("ends_streams"), Number("version"), Time("created_at")), Tenants()),
        (new("memberships", Id("tenant_id"), Text("principal"), Text("role"), Text("email"), Time("created_at"), Number("version")), Memberships()),
        (new("projects", Id("tenant_id"), Id("id"), Text("name"), Time("created_at"), Number("version")), Projects()),
        (new("pools", Id("tenant_id"), Id("id"), Text("name"), Text("engine"), Text("group_name"), Time("created_at"), Number("version")), Pools()),
        (new("endpoints", Id("tenant_id"), Id("pool_id"), Id("id"), Text("url"), Time("created_at")), Endpoints()),
        (new("models", Id("tenant_id"), Id("id"), Text("name"), Time("created_at"), ("aliases", NpgsqlDbType.Array | NpgsqlDbType.Text), Flag("offered_to_all"), Number("version")), Models()),
        (new("model_targets", Id("tenant_id"), Id("model_id"), Whole("ordinal"), Id("pool_tenant_id"), Id("pool_id"), Text("upstream_model"), Whole("weight"), Whole("tier")), Targets()),
        (new("api_keys", Id("tenant_id"), Id("id"), Id("project_id"), Text("name"), Text("prefix"), Text("pepper_id"), ("hash", NpgsqlDbType.Bytea), Whole("shard"), Text("created_by"), Time("created_at"), Number("version")), Keys()),
        (new("audit_events", Id("tenant_id"), Id("id"), Time("at"), Text("actor"), Text("actor_kind"), Text("outcome"), Text("action"), Text("target")), Events()),
    ];

    private static (string, NpgsqlDbType) Id(string name) => (name, NpgsqlDbType.Uuid);

    private static (string, NpgsqlDbType) Text(string name) => (name, NpgsqlDbType.Text);

    private static (string, NpgsqlDbType) Time(string name) => (name, NpgsqlDbType.TimestampTz);

    private static (string, NpgsqlDbType) Flag(string name) => (name, NpgsqlDbType.Boolean);

    private static (string, NpgsqlDbType) Number(string name) => (name, NpgsqlDbType.Bigint);

    private static (string, NpgsqlDbType) Whole(string name) => (name, NpgsqlDbType.Integer);

    private static DateTimeOffset Made(SeedPlan plan, SeedTenant tenant) => plan.Start.AddMinutes(tenant.Index);

    private static Guid NewId(SeedPlan plan, SeedTenant tenant) => Guid.CreateVersion7(Made(plan, tenant));

    private static Guid[] Ids(SeedTenant tenant, int count, SeedPlan plan) =>
        [.. Enumerable.Range(0, count).Select(i => Guid.CreateVersion7(Made(plan, tenant).AddSeconds(i)))];

    private static string Numbered(string text, int number) => string.Create(CultureInfo.InvariantCulture, $"{text}-{number:0000}");

    private IEnumerable<object?[]> Tenants() =>
        plan.Tenants.Select(t => new object?[] { t.Id, t.Name, plan.SlugOf(t), Group, false, false, 1L, Made(plan, t) });

    private IEnumerable<object?[]> Memberships() => plan.Tenants.SelectMany(t => t.IsOpen
        ? new object?[][] { Membership(t, Numbered("user", t.Index), "owner"), Membership(t, member, "admin") }
        : [Membership(t, Numbered("user", t.Index), "owner")]);

    private object?[] Membership(SeedTenant tenant, string principal, string role) =>
        [tenant.Id, principal, role, principal == member ? null : $"{principal}@example.com", Made(plan, tenant), 1L];

    private IEnumerable<object?[]> Projects() => plan.Tenants.SelectMany(t =>
        _projects[t.Index].Select((id, i) => new object?[] { t.Id, id, Numbered("project", (i * 37) % t.Projects), Made(plan, t), 1L }));

    private IEnumerable<object?[]> Pools() => plan.Tenants.Where(t => t.HasPool)
        .Select(t => new object?[] { t.Id, _pools[t.Index], "own", "openai", Group, Made(plan, t), 1L });

    private IEnumerable<object?[]> Endpoints() => plan.Tenants.Where(t => t.HasPool)
        .Select(t => new object?[] { t.Id, _pools[t.Index], NewId(plan, t), $"https://inference-{t.Index}.example.com/v1", Made(plan, t) });

    private IEnumerable<object?[]> Models() => plan.Tenants.Where(t => t.Models > 0).SelectMany(t =>
        _models[t.Index].Select((id, i) => new object?[] { t.Id, id, Numbered("model", (i * 37) % t.Models), Made(plan, t), Array.Empty<string>(), true, 1L }));

    private IEnumerable<object?[]> Targets() => plan.Tenants.Where(t => t.Models > 0).SelectMany(t =>
    {
        var (owner, pool) = _pools.TryGetValue(t.Index, out var own) ? (t.Id, own) : (TenantId.Platform.Value, sharedPool);
        return _models[t.Index].Select(id => new object?[] { t.Id, id, 0, owner, pool, "llama-3.1-8b-instruct", 1, 0 });
    });

    private IEnumerable<object?[]> Keys()
    {
        foreach (var tenant in plan.Tenants)
        {
            for (var i = 0; i < tenant.Keys; i++)
            {
                var text = ApiKeyFormat.Generate();
                var made = Made(plan, tenant).AddSeconds(i);
                yield return
                [
                    tenant.Id, Guid.CreateVersion7(made), _projects[tenant.Index][i % tenant.Projects], Numbered("key", (i * 37) % tenant.Keys),
                    text[..ApiKeyFormat.PrefixLength], pepperId, RandomNumberGenerator.GetBytes(32), i / KeyShardDocument.MaxKeys,
                    Numbered("user", tenant.Index), made, 1L,
                ];
            }
        }
    }

    private IEnumerable<object?[]> Events()
    {
        for (var i = 0; i < SeedPlan.LargeEvents; i++)
        {
            var at = Made(plan, plan.Large).AddMinutes(i);
            yield return [plan.Large.Id, Guid.CreateVersion7(at), at, Numbered("user", i % 20), "user", "success", "api-key.update", Numbered("key", i % 5000)];
        }
    }
}
