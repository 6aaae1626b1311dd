using System.Reflection;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Control.Pools;
using Platform.Control.Tests.Certificates;
using Platform.Control.Tests.Limits;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

/// <summary>Which operations a pool serves, and whom its endpoints' certificates must come from.</summary>
public sealed class PoolTrustTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly string[] Roots = [Pems.Authority("One").ExportCertificatePem(), Pems.Authority("Two").ExportCertificatePem()];

    [Fact]
    public async Task Both_are_set_replaced_answered_and_delivered()
    {
        var (tenant, admin) = await control.TenantAsync();

        var made = await admin.PoolAsync(tenant, Pool("p") with { Operations = ["chat", "speech"], TrustedAuthorities = Roots });
        var before = await control.DocumentAsync(made, tenant);
        var changed = await admin.ReplaceAsync<PoolAnswer>(
            Path(tenant, made.Id), new UpdatePoolRequest { Name = "p", Operations = ["embeddings"], TrustedAuthorities = [Roots[1] + "\r\n"] });
        var after = await control.DocumentAsync(made, tenant);
        var none = await admin.ReplaceAsync<PoolAnswer>(Path(tenant, made.Id), new UpdatePoolRequest { Name = "p" });

        made.Operations.ShouldBe(["chat", "speech"]);
        made.TrustedAuthorities.ShouldBe(Roots);
        before!.Operations.ShouldBe(made.Operations);
        before.TrustedAuthorities.ShouldBe(Roots);
        changed.Operations.ShouldBe(["embeddings"]);
        changed.TrustedAuthorities.ShouldBe([Roots[1]]);
        after!.Operations.ShouldBe(["embeddings"]);
        after.TrustedAuthorities.ShouldBe([Roots[1]]);
        (none.Operations, none.TrustedAuthorities).ShouldBe((null, null));
        var document = await control.DocumentAsync(made, tenant);
        (document!.Operations, document.TrustedAuthorities).ShouldBe((null, null));
    }

    [Fact]
    public async Task Every_fault_is_named_by_its_path()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        string[] operations = ["chat", "sing", "chat"];
        string[] authorities = [Roots[0], "no certificate", Roots[0]];
        string[] paths = ["operations[1]", "operations[2]", "trustedAuthorities[1]", "trustedAuthorities[2]"];

        using var made = await admin.PostAsync(Path(tenant), Pool("q") with { Operations = operations, TrustedAuthorities = authorities });
        using var changed = await Resources.PutAsync(admin, Path(tenant, pool.Id), new UpdatePoolRequest { Name = "q", Operations = operations, TrustedAuthorities = authorities });
        using var empty = await admin.PostAsync(Path(tenant), Pool("q") with { Operations = [], TrustedAuthorities = [] });

        await made.ShouldFaultAsync(paths);
        await changed.ShouldFaultAsync(paths);
        await empty.ShouldFaultAsync("operations", "trustedAuthorities");
    }

    [Fact]
    public async Task A_pool_with_authorities_or_a_certificate_has_no_address_without_TLS()
    {
        var tenant = TenantId.Platform; // whose endpoints may be without TLS
        using var admin = await control.OperatorAsync();
        using var issuer = Pems.Authority();
        using var leaf = Pems.Leaf(issuer);
        var plain = await admin.PoolAsync(tenant, Pool("plain", "http://models.example.com"));
        var sealedPool = await admin.PoolAsync(tenant, Pool("sealed") with { TrustedAuthorities = Roots });
        var endpoint = sealedPool.Endpoints.Single().Id;

        using var made = await admin.PostAsync(Path(tenant), Pool("q", "https://a.example.com", "http://b.example.com") with { TrustedAuthorities = Roots });
        using var trusting = await Resources.PutAsync(admin, Path(tenant, plain.Id), new UpdatePoolRequest { Name = "plain", TrustedAuthorities = Roots });
        using var showing = await Resources.PutAsync(admin, Path(tenant, plain.Id) + "/client-certificate", Pems.Request(leaf));
        using var added = await admin.PostAsync(Path(tenant, sealedPool.Id) + "/endpoints", new { url = "http://models.example.com" });
        using var moved = await Resources.PutAsync(admin, Path(tenant, sealedPool.Id) + $"/endpoints/{endpoint}", new { url = "http://models.example.com" });

        await made.ShouldFaultAsync("endpoints[1].url");
        await trusting.ShouldFaultAsync("trustedAuthorities");
        await showing.ShouldFaultAsync("certificate");
        await added.ShouldFaultAsync("url");
        await moved.ShouldFaultAsync("url");
    }

    [Fact]
    public void Every_operation_of_the_contract_is_known() =>
        PoolRules.KnownOperations.ShouldBe(typeof(Operations).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetRawConstantValue()), ignoreOrder: true);
}
