using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Gateway.Configuration;
using Platform.Gateway.Delivery;

namespace Platform.Gateway.Tests;

public sealed class SnapshotChangeTests
{
    private static readonly Guid Epoch = Guid.NewGuid();

    private readonly TenantId _tenant = TenantId.New();
    private readonly byte[] _groupKey = RandomNumberGenerator.GetBytes(32);
    private Snapshot _snapshot = Snapshot.Empty;
    private long _revision;

    private string ShardKey => $"{_tenant}/0";

    [Theory]
    [InlineData(1, 5, true, "Ignore")]
    [InlineData(5, 10, true, "Ignore")]
    [InlineData(10, 11, true, "Apply")]
    [InlineData(8, 12, true, "Apply")]
    [InlineData(11, 12, true, "Pull")]
    [InlineData(10, 11, false, "Pull")]
    public void A_message_is_ignored_applied_or_a_reason_to_fetch(long from, long to, bool hasResources, string expected)
    {
        var mine = Snapshot.Empty with { Epoch = Epoch, Revision = 10 };
        List<ConfigResource> resources = hasResources ? [new("tenant", "x", to, _tenant, null)] : [];

        DeliveryRules.Judge(mine, new ConfigChanged(AgentGroupName.Default, Epoch, from, to, resources)).ToString().ShouldBe(expected);
        DeliveryRules.Judge(mine, new ConfigChanged(AgentGroupName.Default, Guid.NewGuid(), from, to, resources)).ShouldBe(Verdict.Pull);
    }

    [Fact]
    public void A_head_is_a_reason_to_fetch_when_it_is_ahead_or_of_another_epoch()
    {
        var mine = Snapshot.Empty with { Epoch = Epoch, Revision = 10 };

        DeliveryRules.Judge(mine, new ConfigHead(AgentGroupName.Default, Epoch, 10)).ShouldBe(Verdict.Ignore);
        DeliveryRules.Judge(mine, new ConfigHead(AgentGroupName.Default, Epoch, 9)).ShouldBe(Verdict.Ignore);
        DeliveryRules.Judge(mine, new ConfigHead(AgentGroupName.Default, Epoch, 11)).ShouldBe(Verdict.Pull);
        DeliveryRules.Judge(mine, new ConfigHead(AgentGroupName.Default, Guid.NewGuid(), 3)).ShouldBe(Verdict.Pull);
    }

    [Fact]
    public void A_key_that_is_no_longer_listed_is_gone_and_the_others_are_shared()
    {
        var (kept, dropped) = (NewKey(), NewKey());
        Apply(Shard(kept, dropped));
        var before = _snapshot.Keys.Find(kept.Prefix);

        Apply(Shard(kept));

        _snapshot.Keys.Find(kept.Prefix).ShouldBeSameAs(before);
        _snapshot.Keys.Find(dropped.Prefix).ShouldBeNull();
        _snapshot.Keys.Count.ShouldBe(1);
    }

    [Fact]
    public void The_snapshot_before_does_not_change()
    {
        var key = NewKey();
        Apply(Shard(key));
        var before = _snapshot;

        Apply(Shard());

        before.Keys.Find(key.Prefix).ShouldNotBeNull();
        _snapshot.Keys.Find(key.Prefix).ShouldBeNull();
    }

    [Fact]
    public void A_key_that_moves_to_another_shard_stays()
    {
        var key = NewKey();
        Apply(Shard(key));

        ApplyAll(Incoming(ConfigKinds.KeyShard, $"{_tenant}/1", ShardDocument(key)), Incoming(ConfigKinds.KeyShard, ShardKey, ShardDocument()));

        _snapshot.Keys.Find(key.Prefix)!.Shard.ShouldBe($"{_tenant}/1");
    }

    [Fact]
    public void Of_a_shard_with_a_faulty_entry_the_good_ones_are_in_force_and_the_absent_ones_gone()
    {
        var (kept, dropped, added) = (NewKey(), NewKey(), NewKey());
        Apply(Shard(kept, dropped));
        var good = JsonSerializer.Serialize(ShardDocument(kept, added), WireJson.Default.KeyShardDocument);
        var faulty = good.Replace("\"keys\":[", "\"keys\":[{\"id\":\"no uuid\"},");

        var keeping = Apply(Incoming(ConfigKinds.KeyShard, ShardKey, faulty));

        _snapshot.Keys.Find(kept.Prefix).ShouldNotBeNull();
        _snapshot.Keys.Find(added.Prefix).ShouldNotBeNull();
        _snapshot.Keys.Find(dropped.Prefix).ShouldBeNull();
        _snapshot.Rejected.ShouldHaveSingleItem();
        keeping.What.ShouldBe(Keep.Document);
        JsonSerializer.Deserialize(keeping.Document, WireJson.Default.KeyShardDocument)!.Keys.Count.ShouldBe(2);
    }

    [Fact]
    public void Of_a_shard_that_is_refused_whole_revocations_still_take_effect_and_nothing_new_does()
    {
        var (kept, dropped, added) = (NewKey(), NewKey(), NewKey());
        Apply(Shard(kept, dropped));

        Apply(Incoming(ConfigKinds.KeyShard, ShardKey, ShardDocument(kept, added) with { Critical = ["ipRanges"] }));

        _snapshot.Keys.Find(kept.Prefix).ShouldNotBeNull();
        _snapshot.Keys.Find(dropped.Prefix).ShouldBeNull();
        _snapshot.Keys.Find(added.Prefix).ShouldBeNull();
        _snapshot.Rejected.Values.Single().Faults.ShouldContain("The critical member 'ipRanges' is not known.");
    }

    [Fact]
    public void A_shard_of_another_tenant_gives_nobody_a_key()
    {
        var key = NewKey();

        Apply(Incoming(ConfigKinds.KeyShard, ShardKey, ShardDocument(key) with { TenantId = TenantId.New() }));

        _snapshot.Keys.Find(key.Prefix).ShouldBeNull();
        _snapshot.Rejected.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_faulty_tenant_keeps_its_last_good_document_and_tells_every_fault()
    {
        Apply(Tenant(ModelFor("a")));

        Apply(Tenant(ModelFor("b"), ModelFor("b"), ModelFor("c") with { Targets = [] }));

        _snapshot.Tenants[_tenant].Models.TryFind("a", out _).ShouldBeTrue();
        _snapshot.Tenants[_tenant].Models.TryFind("b", out _).ShouldBeFalse();
        _snapshot.Rejected.Values.Single().Faults.Count.ShouldBe(2);
        _snapshot.Rejected.Values.Single().Revision.ShouldBe(_revision);
    }

    [Theory]
    [InlineData("""{"id":"ID","slug":"","suspended":true}""")]
    [InlineData("""{"id":"ID","slug":"s","suspended":true,"critical":["unheardOf"]}""")]
    [InlineData("""{"id":5,"suspended":true}""")]
    public void A_suspension_takes_effect_whatever_else_is_wrong(string document)
    {
        Apply(Tenant(ModelFor("a")));

        var keeping = Apply(Incoming(ConfigKinds.Tenant, _tenant.ToString(), document.Replace("ID", _tenant.ToString())));

        _snapshot.Tenants[_tenant].Suspended.ShouldBeTrue();
        _snapshot.Tenants[_tenant].Models.TryFind("a", out _).ShouldBeTrue();
        JsonSerializer.Deserialize(keeping.Document, WireJson.Default.TenantDocument)!.Suspended.ShouldBeTrue();
    }

    [Fact]
    public void A_good_document_ends_the_rejection()
    {
        Apply(Tenant(ModelFor("a"), ModelFor("a")));
        _snapshot.Rejected.ShouldHaveSingleItem();

        Apply(Tenant(ModelFor("a")));

        _snapshot.Rejected.ShouldBeEmpty();
        _snapshot.Tenants.ShouldContainKey(_tenant);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"id":"ID","tenantId":"ID","name":"n","engine":"vllm","endpoints":[null,{"id":null}],"providerKey":{"keyId":null}}""")]
    [InlineData("""{"id":"ID","tenantId":"ID","slug":"s","models":[null,{"name":null}],"keys":[null],"peppers":[null],"catalog":null}""")]
    public void No_document_however_odd_stops_the_others(string document)
    {
        var text = document.Replace("ID", _tenant.ToString());
        foreach (var kind in (string[])[ConfigKinds.Platform, ConfigKinds.Pool, ConfigKinds.Tenant, ConfigKinds.KeyShard])
            ApplyAll(Incoming(kind, kind == ConfigKinds.KeyShard ? ShardKey : _tenant.ToString(), text), Incoming("unheard-of", "x", text));

        var key = NewKey();
        Apply(Shard(key));
        _snapshot.Keys.Find(key.Prefix).ShouldNotBeNull();
    }

    [Fact]
    public void A_tombstone_removes()
    {
        Apply(Tenant(ModelFor("a")));
        var key = NewKey();
        Apply(Shard(key));

        ApplyAll(
            new Resource(ConfigKinds.Tenant, _tenant.ToString(), ++_revision, _tenant, null),
            new Resource(ConfigKinds.KeyShard, ShardKey, ++_revision, _tenant, null),
            new Resource(ConfigKinds.Pool, PoolId.New().ToString(), ++_revision, _tenant, null));

        _snapshot.Tenants.ShouldBeEmpty();
        _snapshot.Keys.Count.ShouldBe(0);
        _snapshot.KeyShards.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_full_change_does_not_mention_is_gone_and_a_faulty_resource_in_it_keeps_its_last_good_one()
    {
        Apply(Tenant(ModelFor("a")));
        Apply(Shard(NewKey()));

        Apply(true, Tenant(ModelFor("b"), ModelFor("b")));

        _snapshot.Tenants[_tenant].Models.TryFind("a", out _).ShouldBeTrue();
        _snapshot.Keys.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("ftp://host/")]
    [InlineData("/relative")]
    [InlineData("http://user:password@host/")]
    public void A_pool_with_an_address_that_cannot_be_is_refused(string url)
    {
        var id = PoolId.New();
        var pool = new PoolDocument { Id = id, TenantId = _tenant, Name = "p", Engine = "vllm", Endpoints = [new(EndpointId.New(), new(url, UriKind.RelativeOrAbsolute))] };

        Apply(Incoming(ConfigKinds.Pool, id.ToString(), pool));

        _snapshot.Pools.ShouldBeEmpty();
        _snapshot.Rejected.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_secret_under_an_unknown_group_key_is_a_fault_and_asks_for_secrets()
    {
        var cipher = new GroupCipher("another", RandomNumberGenerator.GetBytes(32));
        var document = new PlatformDocument { Peppers = [new("p", cipher.Seal(new byte[32], TenantId.Platform, SealedSecret.PepperKind, "p", AgentGroupName.Default))] };
        var change = NewChange(full: false);

        change.Apply(Incoming(ConfigKinds.Platform, ConfigKinds.Platform, document, TenantId.Platform));

        change.NeedsSecrets.ShouldBeTrue();
        change.Finish(Epoch, 1).Rejected.ShouldHaveSingleItem();
    }

    private Keeping Apply(Resource resource) => Apply(false, resource);

    private Keeping Apply(bool full, Resource resource)
    {
        var change = NewChange(full);
        var keeping = change.Apply(resource);
        _snapshot = change.Finish(Epoch, _revision);
        return keeping;
    }

    private void ApplyAll(params Resource[] resources)
    {
        var change = NewChange(full: false);
        foreach (var resource in resources)
            change.Apply(resource);
        _snapshot = change.Finish(Epoch, _revision);
    }

    private SnapshotChange NewChange(bool full) =>
        new(_snapshot, full, new(AgentGroupName.Default, [new("g1", _groupKey)]), NullLogger.Instance);

    private Resource Shard(params ApiKeyEntry[] keys) => Incoming(ConfigKinds.KeyShard, ShardKey, ShardDocument(keys));

    private KeyShardDocument ShardDocument(params ApiKeyEntry[] keys) => new() { TenantId = _tenant, Keys = keys };

    private Resource Tenant(params ModelEntry[] models) =>
        Incoming(ConfigKinds.Tenant, _tenant.ToString(), new TenantDocument { Id = _tenant, Slug = "s", Models = models });

    private static ModelEntry ModelFor(string name) =>
        new(ModelId.New(), ModelName.Parse(name), "s", DateTimeOffset.UnixEpoch, [new(PoolId.New(), "up")]);

    private static ApiKeyEntry NewKey()
    {
        ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix).ShouldBeTrue();
        return new(ApiKeyId.New(), ProjectId.New(), prefix, "p1", RandomNumberGenerator.GetBytes(32));
    }

    private Resource Incoming<T>(string kind, string key, T document, TenantId? tenant = null)
        where T : WireDocument => new(kind, key, ++_revision, tenant ?? _tenant, JsonSerializer.SerializeToUtf8Bytes(document, typeof(T), WireJson.Default));

    private Resource Incoming(string kind, string key, string document) => new(kind, key, ++_revision, _tenant, Encoding.UTF8.GetBytes(document));
}
