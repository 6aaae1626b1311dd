using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Tests;

/// <summary>What tenancy added to the documents: read, checked, kept, and obeyed where it takes something away.</summary>
public sealed class TenancyDocumentTests
{
    private readonly TenantId _tenant = TenantId.New();
    private readonly GroupCipher _cipher;
    private readonly byte[] _groupKey = RandomNumberGenerator.GetBytes(32);
    private Snapshot _snapshot = Snapshot.Empty;
    private long _revision;

    public TenancyDocumentTests() => _cipher = new("g1", _groupKey);

    private TenantModel Tenant => _snapshot.Tenants[_tenant];

    [Fact]
    public void A_tenant_with_everything_is_read_and_its_salt_opened()
    {
        var document = Full();

        Put(document).What.ShouldBe(Keep.Document);

        _snapshot.Rejected.ShouldBeEmpty();
        Tenant.Policies.CacheSalt.ShouldBe("salt"u8.ToArray());
        (Tenant.Policies.Quotas.Count, Tenant.Policies.Budgets.Count, Tenant.Policies.Guardrails.Count, Tenant.Policies.Prices.Count).ShouldBe((1, 1, 1, 1));
        Tenant.Isolation.MaxTimeWithoutControl.ShouldBe(TimeSpan.FromSeconds(60));
        Tenant.Isolation.Networks!.Select(n => n.ToString()).ShouldBe(["10.0.0.0/8", "2001:db8::/32"]);
    }

    [Fact]
    public void What_is_kept_of_a_suspended_tenant_has_every_member()
    {
        var document = Full();
        Put(document);

        var kept = Put(document with { Slug = "", Suspended = true });

        Json(kept.Document!).ShouldBe(JsonSerializer.Serialize(document with { Suspended = true }, WireJson.Default.TenantDocument));
        var restarted = new SnapshotChange(Snapshot.Empty, full: true, Secrets(), NullLogger.Instance);
        restarted.Apply(new Resource(ConfigKinds.Tenant, _tenant.ToString(), 1, _tenant, kept.Document));
        restarted.Finish(Guid.Empty, 1).Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void Documents_of_a_Control_that_knew_nothing_of_tenancy_are_in_force_as_they_are()
    {
        Put(ConfigKinds.Tenant, $$"""{"id":"{{_tenant}}","slug":"s","models":[],"suspended":false}""");
        Put(ConfigKinds.Platform, """{"signingKeys":[],"peppers":[],"catalog":[]}""", ConfigKinds.Platform);

        _snapshot.Rejected.ShouldBeEmpty();
        Tenant.Policies.ShouldBeSameAs(TenantPolicies.None);
        _snapshot.Platform.AllowedNetworks.ShouldBeEmpty();
    }

    [Fact]
    public void Tenants_of_which_nothing_is_said_share_what_they_have_not()
    {
        Put(new TenantDocument { Id = _tenant, Slug = "s" });

        Tenant.Policies.ShouldBeSameAs(TenantPolicies.None);
        Tenant.Isolation.ShouldBeSameAs(IsolationModel.None);
        Tenant.Models.ShouldBeSameAs(ModelTable.Empty);
    }

    [Theory]
    [InlineData("$.quotas[0].scope", "\"galaxy\"", "a scope 'galaxy' that is not known")]
    [InlineData("$.quotas[0].scopeId", "\"7d5f1c9e-6a5c-4c0c-8b1e-0a4dcb5f2f10\"", "a scope 'tenant' with an id")]
    [InlineData("$.quotas[0].model", "\"\"", "for a model without a name")]
    [InlineData("$.quotas[0].limits.tokensPerDay", "-1", "a negative limit")]
    [InlineData("$.quotas", "[null]", "The list of quotas is null, or has a null in it")]
    [InlineData("$.budgets[0].window", "\"fortnight\"", "a window 'fortnight' that is not known")]
    [InlineData("$.budgets[0].timeZone", "\"Mars/Olympus\"", "a time zone 'Mars/Olympus' that is not known")]
    [InlineData("$.budgets[0].thresholds", "[50,50]", "thresholds that do not rise")]
    [InlineData("$.budgets[0].currency", "\"euro\"", "no currency of three capital letters")]
    [InlineData("$.budgets[0].amount", "-5", "a negative amount")]
    [InlineData("$.guardrails[0].spec.rules[0].phase", "\"later\"", "a phase 'later' that is not known")]
    [InlineData("$.guardrails[0].spec.rules[0].action", "\"shout\"", "an action 'shout' that is not known")]
    [InlineData("$.guardrails[0].spec.rules[0].detectors", "[]", "without a detector")]
    [InlineData("$.guardrails[0].spec.rules[0].threshold", "1.5", "a threshold that is not from 0 to 1")]
    [InlineData("$.prices[0].price.outputPerMillion", "-0.01", "a negative amount")]
    [InlineData("$.prices[0].model", "\"\"", "for a model without a name")]
    [InlineData("$.isolation.ipRanges", "[\"10.0.0.1/8\"]", "The IP range '10.0.0.1/8' is not a network")]
    [InlineData("$.isolation.maxSecondsWithoutControl", "0", "The longest time without Control")]
    [InlineData("$.isolation.fairnessWeight", "0", "The fairness weight is not above 0")]
    [InlineData("$.traffic.idempotencySeconds", "-1", "The time in which an answer is given again is not within")]
    [InlineData("$.traffic.cacheSeconds", "86401", "The time in the cache is not within")]
    [InlineData("$.models[0].targets[0].tier", "-1", "a negative tier")]
    [InlineData("$.models[0].aliases", "[\"a\",\"a\"]", "Alias 'a' is listed more than once")]
    [InlineData("$.cacheSalt.keyId", "\"unheard-of\"", "a group key that this agent does not hold")]
    public void A_member_that_is_wrong_is_a_fault(string path, string value, string fault)
    {
        var document = JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(Full(), WireJson.Default.TenantDocument))!;
        Replace(document, path, value);

        Put(ConfigKinds.Tenant, document.ToJsonString());

        _snapshot.Tenants.ShouldBeEmpty();
        _snapshot.Rejected.Values.Single().Faults.ShouldHaveSingleItem().ShouldContain(fault);
    }

    [Fact]
    public void That_nothing_may_be_kept_holds_whatever_else_is_wrong()
    {
        Put(Full());

        Put(Full() with { Slug = "", Isolation = new() { ZeroRetention = true } });

        _snapshot.Rejected.ShouldHaveSingleItem();
        Tenant.Isolation.KeepsNothing.ShouldBeTrue();
        Tenant.Traffic.CacheSeconds.ShouldBe(5);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var document = Full();
        Put(document with
        {
            Quotas = [document.Quotas[0] with { Scope = "?" }],
            Budgets = [document.Budgets[0] with { TimeZone = "?" }],
            Prices = [document.Prices[0] with { Currency = "?" }],
            Isolation = document.Isolation! with { IpRanges = ["?"] },
        });

        _snapshot.Rejected.Values.Single().Faults.Count.ShouldBe(4);
    }

    [Fact]
    public void What_a_faulty_document_takes_away_is_gone_and_what_it_gives_is_not_there()
    {
        var (document, pool) = (Full(), PoolId.New());
        document = document with { Isolation = document.Isolation! with { AllowedPools = [pool, PoolId.New()] } };
        Put(document);

        var kept = Put(document with
        {
            Slug = "",
            EndsStreams = true,
            Suspended = true,
            Isolation = new() { IpRanges = ["10.1.0.0/16", "192.168.0.0/16", "what?"], AllowedPools = [pool, PoolId.New()], MaxSecondsWithoutControl = 3600 },
            Quotas = [document.Quotas[0] with { Limits = new(RequestsPerMinute: 5, TokensPerDay: 10_000_000) }],
            Budgets = [document.Budgets[0] with { Amount = 1, HardStop = false }],
        });

        (Tenant.Suspended, Tenant.EndsStreams).ShouldBe((true, true));
        Tenant.Isolation.Networks!.Select(n => n.ToString()).ShouldBe(["10.1.0.0/16"]);
        Tenant.Isolation.Pools.ShouldBe([pool]);
        Tenant.Isolation.MaxTimeWithoutControl.ShouldBe(TimeSpan.FromSeconds(60));
        Tenant.Policies.Quotas.Single().Limits.ShouldBe(new(RequestsPerMinute: 5, TokensPerDay: 1000));
        (Tenant.Policies.Budgets.Single().Amount, Tenant.Policies.Budgets.Single().HardStop).ShouldBe((1, true));
        JsonSerializer.Deserialize(kept.Document, WireJson.Default.TenantDocument)!.Isolation!.IpRanges.ShouldBe(["10.1.0.0/16"]);
    }

    [Fact]
    public void A_key_of_a_shard_that_is_refused_is_bound_as_it_is_listed()
    {
        ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix).ShouldBeTrue();
        var key = new ApiKeyEntry(ApiKeyId.New(), ProjectId.New(), prefix, "p1", new byte[32], null, null, ["10.0.0.0/8"]);
        PutShard(new() { TenantId = _tenant, Keys = [key] });

        PutShard(new() { TenantId = _tenant, Critical = ["unheardOf"], Keys = [key with { IpRanges = ["10.1.0.0/16", "11.0.0.0/8"], AllowedModels = [] }] });

        var bound = _snapshot.Keys.Find(prefix)!;
        bound.Networks!.Select(n => n.ToString()).ShouldBe(["10.1.0.0/16"]);
        bound.AllowedModels.ShouldBe([]);
        PutShard(new() { TenantId = _tenant });
        _snapshot.Keys.Find(prefix).ShouldBeNull();
    }

    [Fact]
    public void A_key_with_lists_is_shared_while_they_say_the_same_and_goes_when_it_is_not_listed()
    {
        ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix).ShouldBeTrue();
        var key = new ApiKeyEntry(ApiKeyId.New(), ProjectId.New(), prefix, "p1", new byte[32], null, [ModelName.Parse("m")], ["10.0.0.0/8"]);
        PutShard(new() { TenantId = _tenant, Keys = [key] });
        var before = _snapshot.Keys.Find(prefix);

        PutShard(new() { TenantId = _tenant, Keys = [key] });
        _snapshot.Keys.Find(prefix).ShouldBeSameAs(before);
        PutShard(new() { TenantId = _tenant, Keys = [] });

        _snapshot.Keys.Find(prefix).ShouldBeNull();
    }

    [Theory]
    [InlineData(KeyShardDocument.MaxEntries, 0)]
    [InlineData(KeyShardDocument.MaxEntries + 1, 1)]
    public void A_shard_holds_both_secrets_of_as_many_keys_as_there_may_be(int entries, int rejected)
    {
        PutShard(new()
        {
            TenantId = _tenant,
            Keys = [.. Enumerable.Range(0, entries).Select(i => new ApiKeyEntry(ApiKeyId.New(), ProjectId.New(), ApiKeyPrefix.Parse($"sk-{i:D12}"), "p1", new byte[32]))],
        });

        _snapshot.Rejected.Count.ShouldBe(rejected);
    }

    [Fact]
    public void The_platforms_networks_are_one_list_while_they_say_the_same_and_lost_ones_go_whatever_else_is_wrong()
    {
        PutPlatform(new() { AllowedNetworks = ["10.0.0.0/8", "fd00::/8"], Prices = Full().Prices, Guardrails = Full().Guardrails });
        var before = _snapshot.Platform.AllowedNetworks;
        PutPlatform(new() { AllowedNetworks = ["10.0.0.0/8", "fd00::/8"] });
        _snapshot.Platform.AllowedNetworks.ShouldBeSameAs(before);

        var kept = PutPlatform(new() { AllowedNetworks = ["10.0.0.0/8", "172.16.0.0/12", "?"] });

        _snapshot.Platform.AllowedNetworks.Select(n => n.ToString()).ShouldBe(["10.0.0.0/8"]);
        _snapshot.Rejected.ShouldHaveSingleItem();
        JsonSerializer.Deserialize(kept.Document, WireJson.Default.PlatformDocument)!.AllowedNetworks.ShouldBe(["10.0.0.0/8"]);
    }

    private TenantDocument Full() => new()
    {
        Id = _tenant,
        Slug = "s",
        EndsStreams = false,
        Models = [new(ModelId.New(), ModelName.Parse("m"), "s", DateTimeOffset.UnixEpoch, [new(PoolId.New(), "up", 3, 1)], [ModelName.Parse("alias")])],
        Quotas = [new(Guid.NewGuid(), LimitScopes.Tenant, null, "m", new(RequestsPerMinute: 10, TokensPerDay: 1000))],
        Budgets = [new(Guid.NewGuid(), "b", LimitScopes.Project, Guid.NewGuid(), 12.5m, "EUR", BudgetWindows.Month, "Europe/Berlin", [50, 80], true)],
        Guardrails = [new(Guid.NewGuid(), "g", 1, new() { Rules = [new("r", "both", "block", [new("email")], ["user"], 0.5)] })],
        Traffic = new() { IdempotencySeconds = 60, CacheSeconds = 5 },
        Isolation = new() { IpRanges = ["10.0.0.0/8", "2001:db8::/32"], RetentionDays = 30, FairnessWeight = 2, PriorityBand = 1, MaxSecondsWithoutControl = 60 },
        CacheSalt = _cipher.Seal("salt"u8, _tenant, SealedSecret.CacheSaltKind, _tenant.ToString(), AgentGroupName.Default),
        Prices = [new(Guid.NewGuid(), "m", "EUR", new(1, 0.5m, null, 2), DateTimeOffset.UnixEpoch, null)],
    };

    private static string Json(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    private static void Replace(JsonNode document, string path, string value)
    {
        var names = path[2..].Replace("[0]", ".0").Split('.');
        var parent = names[..^1].Aggregate(document, (node, name) => name == "0" ? node[0]! : node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);
    }

    private GroupSecrets Secrets() => new(AgentGroupName.Default, [new("g1", _groupKey)]);

    private Keeping Put(TenantDocument document) => Put(ConfigKinds.Tenant, JsonSerializer.Serialize(document, WireJson.Default.TenantDocument));

    private void PutShard(KeyShardDocument document) => Put(ConfigKinds.KeyShard, JsonSerializer.Serialize(document, WireJson.Default.KeyShardDocument), $"{_tenant}/0");

    private Keeping PutPlatform(PlatformDocument document) =>
        Put(ConfigKinds.Platform, JsonSerializer.Serialize(document, WireJson.Default.PlatformDocument), ConfigKinds.Platform);

    private Keeping Put(string kind, string document, string? key = null)
    {
        var change = new SnapshotChange(_snapshot, full: false, Secrets(), NullLogger.Instance);
        var keeping = change.Apply(new Resource(kind, key ?? _tenant.ToString(), ++_revision, _tenant, Encoding.UTF8.GetBytes(document)));
        _snapshot = change.Finish(Guid.Empty, _revision);
        return keeping;
    }
}
