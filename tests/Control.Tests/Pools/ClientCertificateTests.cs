using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Agents;
using Platform.Control.Tests.Certificates;
using Platform.Control.Tests.Limits;
using static Platform.Control.Tests.Pools.PoolSteps;

namespace Platform.Control.Tests.Pools;

public sealed class ClientCertificateTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Below = "/client-certificate";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly X509Certificate2 Root = Pems.Authority();
    private static readonly X509Certificate2 First = Pems.Leaf(Root, "CN=one.example.com, O=Example");
    private static readonly X509Certificate2 Second = Pems.Leaf(Root, "CN=two.example.com");

    [Fact]
    public async Task A_certificate_is_set_replaced_and_deleted_and_only_what_it_is_comes_back()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        var path = Path(tenant, pool.Id, Below);
        await admin.ShouldBeGoneAsync(path);

        var one = await admin.ReplaceAsync<ClientCertificateAnswer>(path, Pems.Request(First, Root), "\"v1\"");
        var opened = Open(agent, (await control.DocumentAsync(pool, tenant))!, tenant);
        using var stale = await Resources.PutAsync(admin, path, Pems.Request(Second), "\"v1\"");
        var two = await admin.ReplaceAsync<ClientCertificateAnswer>(path, Pems.Request(Second), "\"v2\"");

        (one.Subject, one.Thumbprint, one.RotatedAt, one.Version).ShouldBe((First.Subject, First.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), null, 2));
        one.ExpiresAt.ShouldBe(new(First.NotAfter.ToUniversalTime()));
        opened.ShouldBe($"{First.ExportCertificatePem()}\n{Root.ExportCertificatePem()}\n{Pems.KeyOf(First)}\n");
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        (two.Subject, two.CreatedAt, two.Version).ShouldBe(("CN=two.example.com", one.CreatedAt, 3));
        two.RotatedAt.ShouldNotBeNull();
        (await admin.GetAsync<ClientCertificateAnswer>(path)).ShouldBe(two);
        (await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id))).HasClientCertificate.ShouldBeTrue();

        await admin.DeleteAsync(path, HttpStatusCode.NoContent);
        (await control.DocumentAsync(pool, tenant))!.ClientCertificate.ShouldBeNull();
        (await admin.GetAsync<PoolAnswer>(Path(tenant, pool.Id))).HasClientCertificate.ShouldBeFalse();
        await admin.ShouldBeGoneAsync(path);
        await admin.DeleteAsync(path, HttpStatusCode.NotFound);
        (await control.ActionsAsync(tenant, pool.Id.ToString())).ShouldBe(["pool.create", "client-certificate.update", "client-certificate.update", "client-certificate.delete"]);
        await ShouldBeNowhereAsync(tenant);
    }

    [Fact]
    public async Task A_change_of_the_pool_keeps_the_sealing()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p") with { ProviderKey = "sk-upstream-credential" });
        await admin.ReplaceAsync<ClientCertificateAnswer>(Path(tenant, pool.Id, Below), Pems.Request(First));
        var before = (await control.DocumentAsync(pool, tenant))!;

        await admin.ReplaceAsync<PoolAnswer>(Path(tenant, pool.Id), new UpdatePoolRequest { Name = "renamed" });

        var after = (await control.DocumentAsync(pool, tenant))!;
        after.Name.ShouldBe("renamed");
        after.ClientCertificate!.Ciphertext.ShouldBe(before.ClientCertificate!.Ciphertext);
        after.ProviderKey!.Ciphertext.ShouldBe(before.ProviderKey!.Ciphertext);
    }

    [Fact]
    public async Task What_cannot_be_shown_is_refused_by_its_path_and_not_repeated()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        using var expired = Pems.Leaf(Root, days: 5);
        using var key = First.GetRSAPrivateKey()!;
        var (good, other) = (Pems.Request(First), Pems.Request(Second));
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("password", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        foreach (var (request, paths) in new (ClientCertificateRequest, string[])[]
        {
            (good with { PrivateKey = other.PrivateKey }, ["privateKey"]),
            (good with { PrivateKey = encrypted }, ["privateKey"]),
            (good with { PrivateKey = good.PrivateKey + "\n" + good.PrivateKey }, ["privateKey"]),
            (good with { PrivateKey = PemEncoding.WriteString("PRIVATE KEY", new byte[48]) }, ["privateKey"]),
            (good with { Certificate = good.PrivateKey }, ["certificate"]),
            (good with { Certificate = good.Certificate + "\n" + good.PrivateKey }, ["certificate"]),
            (good with { Certificate = "text " + good.Certificate }, ["certificate"]),
            (good with { Certificate = string.Join('\n', Enumerable.Repeat(good.Certificate, 11)) }, ["certificate"]),
            (Pems.Request(expired), ["certificate"]),
            (new() { Certificate = "x", PrivateKey = "y" }, ["certificate", "privateKey"]),
            (new(), ["certificate", "privateKey"]),
        })
        {
            using var answer = await Resources.PutAsync(admin, Path(tenant, pool.Id, Below), request);
            (await answer.ShouldFaultAsync(paths)).ToString().ShouldNotContain(Secret(First));
        }
        await admin.ShouldBeGoneAsync(Path(tenant, pool.Id, Below));
    }

    [Fact]
    public async Task A_dry_run_sets_none_and_shows_none()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);

        using var tried = await Resources.PutAsync(admin, Path(tenant, pool.Id, Below + "?dryRun=true"), Pems.Request(First));

        (await tried.ShouldHaveTextAsync(HttpStatusCode.OK)).ShouldNotContain(Secret(First));
        await admin.ShouldBeGoneAsync(Path(tenant, pool.Id, Below));
    }

    [Fact]
    public async Task A_stored_one_is_shown_to_no_address_that_it_was_not_set_for_and_one_given_anew_takes_its_place()
    {
        var (tenant, admin) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant, Pool("p", "https://models.example.com/base"));
        await admin.ReplaceAsync<ClientCertificateAnswer>(Path(tenant, pool.Id, Below), Pems.Request(First));
        var path = Path(tenant, pool.Id, "/endpoints");
        var endpoint = $"{path}/{pool.Endpoints[0].Id}";

        using var moved = await Resources.PutAsync(admin, endpoint, new { url = "https://other.example.com" });
        using var added = await admin.PostAsync(path, new { url = "https://models.example.com" });
        using var wrong = await admin.PostAsync(path, new { url = "https://models.example.com", clientCertificate = new { certificate = "x", privateKey = Pems.KeyOf(Second) } });
        using var same = await admin.PostAsync(path, new { url = "https://models.example.com/base" });
        foreach (var refused in new[] { moved, added })
        {
            await refused.ShouldFaultAsync("clientCertificate");
            await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.ClientCertificateNeeded);
        }
        await wrong.ShouldFaultAsync("clientCertificate.certificate");
        same.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await admin.GetAsync<ClientCertificateAnswer>(Path(tenant, pool.Id, Below))).Subject.ShouldBe(First.Subject);

        using var anew = await Resources.PutAsync(admin, endpoint, new { url = "https://other.example.com", clientCertificate = Pems.Request(Second) });
        (await anew.ShouldHaveTextAsync(HttpStatusCode.OK)).ShouldNotContain(Secret(Second));
        (await admin.GetAsync<ClientCertificateAnswer>(Path(tenant, pool.Id, Below))).Subject.ShouldBe("CN=two.example.com");
        await ShouldBeNowhereAsync(tenant);
    }

    [Fact]
    public async Task It_goes_with_its_pool_and_is_nobody_elses()
    {
        var (tenant, admin) = await control.TenantAsync();
        var (other, theirs) = await control.TenantAsync();
        var pool = await admin.PoolAsync(tenant);
        await admin.ReplaceAsync<ClientCertificateAnswer>(Path(tenant, pool.Id, Below), Pems.Request(First));

        await theirs.ShouldBeGoneAsync(Path(other, pool.Id, Below));
        await theirs.ShouldBeGoneAsync(Path(tenant, pool.Id, Below));
        await theirs.DeleteAsync(Path(other, pool.Id, Below), HttpStatusCode.NotFound);
        using var put = await Resources.PutAsync(theirs, Path(other, pool.Id, Below), Pems.Request(Second));
        await put.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
        (await CountAsync(tenant)).ShouldBe(1);
        await admin.DeleteAsync(Path(tenant, pool.Id), HttpStatusCode.NoContent);

        (await CountAsync(tenant)).ShouldBe(0);
    }

    private static string Secret(X509Certificate2 leaf) => Pems.KeyOf(leaf).Split('\n')[3];

    private static string Open(EnrolledAgent agent, PoolDocument document, TenantId tenant)
    {
        var secret = document.ClientCertificate!;
        var key = agent.Secrets.GroupKeys.Single(k => k.Id == secret.KeyId);
        return Encoding.UTF8.GetString(
            new GroupCipher(key.Id, key.Key).Open(secret, tenant, SealedSecret.ClientCertificateKind, document.Id.ToString(), AgentGroupName.Default));
    }

    private Task<int> CountAsync(TenantId tenant) =>
        control.Database.InTenantAsync(tenant, (db, ct) => db.ClientCertificates.CountAsync(c => c.TenantId == tenant, ct), Cancel);

    private async Task ShouldBeNowhereAsync(TenantId tenant)
    {
        var trail = await control.Database.InTenantAsync(tenant, (db, ct) => db.AuditEvents.AsNoTracking().Where(a => a.TenantId == tenant).ToListAsync(ct), Cancel);
        var text = JsonSerializer.Serialize(trail.Select(a => new { a.Before, a.After, a.Details }));
        text.ShouldContain("one.example.com");
        foreach (var leaf in new[] { First, Second })
            text.ShouldNotContain(Secret(leaf));
    }
}
