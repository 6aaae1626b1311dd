using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Delivery;
using Platform.Control.Tests.Certificates;
using Platform.Control.Tests.Limits;

namespace Platform.Control.Tests.Policies;

/// <summary>Zero retention, and the authorities of callers' certificates: what both sides say, and what holds of it.</summary>
public sealed class ClientAuthorityTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly string[] Roots = [.. Enumerable.Range(0, 3).Select(i => Pems.Authority($"Root {i}").ExportCertificatePem())];

    [Fact]
    public async Task Both_sides_say_and_what_holds_is_delivered()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();

        await admin.ReplaceAsync<IsolationPolicyAnswer>(Own(tenant), new IsolationPolicyRequest { ZeroRetention = true, ClientAuthorities = [Roots[0], "\n" + Roots[1] + "\n"] });
        (await control.DocumentAsync(tenant)).Isolation!.ClientAuthorities.ShouldBe([Roots[0], Roots[1]], ignoreOrder: true);
        var both = await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { ZeroRetention = false, ClientAuthorities = [Roots[1], Roots[2]] });

        both.Own!.ClientAuthorities.ShouldBe([Roots[0], Roots[1]]);
        both.Operators!.ClientAuthorities.ShouldBe([Roots[1], Roots[2]]);
        foreach (var effective in new[] { both.Effective!, (await control.DocumentAsync(tenant)).Isolation! })
        {
            effective.ClientAuthorities.ShouldBe([Roots[1]]);
            effective.ZeroRetention.ShouldBe(true);
        }
        await http.ReplaceAsync<IsolationPolicyAnswer>(Operators(tenant), new OperatorIsolationPolicyRequest { ClientAuthorities = [Roots[2]] });
        (await control.DocumentAsync(tenant)).Isolation!.ClientAuthorities.ShouldNotBeNull().ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_that_is_no_authority_is_a_fault_on_both_sides()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var http = await control.OperatorAsync();
        using var root = Pems.Authority();
        using var leaf = Pems.Leaf(root);
        using var noSigner = Pems.Authority(usage: X509KeyUsageFlags.DigitalSignature);
        string[] texts =
        [
            Roots[0],
            leaf.ExportCertificatePem(),
            noSigner.ExportCertificatePem(),
            Roots[0],
            Roots[1] + "\n" + Roots[2],
            Roots[1] + "\n" + Pems.KeyOf(leaf),
            "not a certificate",
            PemEncoding.WriteString("CERTIFICATE", new byte[64]),
            new string(' ', CertificateLimits.MaxLength) + Roots[1],
            null!,
            Pems.Intermediate(root).ExportCertificatePem(),
        ];
        var paths = Enumerable.Range(1, 10).Select(i => $"clientAuthorities[{i}]").ToArray();

        using var own = await admin.PutAsync(Own(tenant), new IsolationPolicyRequest { ClientAuthorities = texts });
        using var operators = await http.PutAsync(Operators(tenant), new OperatorIsolationPolicyRequest { ClientAuthorities = texts });
        using var many = await admin.PutAsync(Own(tenant), new IsolationPolicyRequest { ClientAuthorities = [.. Enumerable.Repeat(Roots[0], 21)] });
        using var none = await admin.PutAsync(Own(tenant), new IsolationPolicyRequest { ClientAuthorities = [] });

        await own.ShouldFaultAsync(paths);
        await operators.ShouldFaultAsync(paths);
        await many.ShouldFaultAsync("clientAuthorities");
        await none.ShouldFaultAsync("clientAuthorities");
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, false, false)]
    [InlineData(false, null, false)]
    [InlineData(true, null, true)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void Nothing_is_kept_where_either_side_says_so(bool? operators, bool? own, bool? expected) =>
        EffectiveIsolation.Of(new IsolationSpec { ZeroRetention = operators }, new() { ZeroRetention = own }).ZeroRetention.ShouldBe(expected);

    /// <summary>Indexes of the roots; a dash is none.</summary>
    [Theory]
    [InlineData("-", "-", "-")]
    [InlineData("01", "-", "01")]
    [InlineData("-", "2", "2")]
    [InlineData("01", "12", "1")]
    [InlineData("0", "2", "")]
    [InlineData("0x", "-", "0")]
    public void Callers_must_be_certified_by_an_authority_of_both_lists(string operators, string own, string expected) =>
        EffectiveIsolation.Of(new IsolationSpec { ClientAuthorities = List(operators) }, new() { ClientAuthorities = List(own) })
            .ClientAuthorities.ShouldBe(List(expected), ignoreOrder: true);

    private static string[]? List(string text) => text == "-" ? null : [.. text.Select(c => c == 'x' ? "no certificate" : Roots[c - '0'])];

    private static string Own(TenantId tenant) => $"/api/v1/tenants/{tenant}/isolation-policy";

    private static string Operators(TenantId tenant) => $"/api/v1/operator/tenants/{tenant}/isolation-policy";
}
