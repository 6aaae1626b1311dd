using System.Security.Cryptography;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Contracts.Tests;

public sealed class SecretsTests
{
    private static readonly byte[] Clear = "an upstream's credential"u8.ToArray();

    private readonly GroupCipher _cipher = new("k1", RandomNumberGenerator.GetBytes(32));
    private readonly TenantId _tenant = TenantId.New();

    [Fact]
    public void A_sealed_secret_opens_in_its_own_context()
    {
        var secret = _cipher.Seal(Clear, _tenant, "provider-key", "pool-1", AgentGroupName.Default);

        _cipher.Open(secret, _tenant, "provider-key", "pool-1", AgentGroupName.Default).ShouldBe(Clear);
    }

    [Fact]
    public void A_sealed_secret_does_not_open_for_another_tenant_resource_group_or_kind()
    {
        var secret = _cipher.Seal(Clear, _tenant, "provider-key", "pool-1", AgentGroupName.Default);

        Should.Throw<CryptographicException>(() => _cipher.Open(secret, TenantId.New(), "provider-key", "pool-1", AgentGroupName.Default));
        Should.Throw<CryptographicException>(() => _cipher.Open(secret, _tenant, "provider-key", "pool-2", AgentGroupName.Default));
        Should.Throw<CryptographicException>(() => _cipher.Open(secret, _tenant, "pepper", "pool-1", AgentGroupName.Default));
        Should.Throw<CryptographicException>(() => _cipher.Open(secret, _tenant, "provider-key", "pool-1", AgentGroupName.Parse("other")));
    }

    [Fact]
    public void A_sealed_secret_does_not_open_under_another_key_or_when_altered()
    {
        var secret = _cipher.Seal(Clear, _tenant, "provider-key", "pool-1", AgentGroupName.Default);
        var other = new GroupCipher("k1", RandomNumberGenerator.GetBytes(32));
        var altered = secret with { Ciphertext = [.. secret.Ciphertext[..^1], (byte)(secret.Ciphertext[^1] ^ 1)] };

        Should.Throw<CryptographicException>(() => other.Open(secret, _tenant, "provider-key", "pool-1", AgentGroupName.Default));
        Should.Throw<CryptographicException>(() => _cipher.Open(altered, _tenant, "provider-key", "pool-1", AgentGroupName.Default));
    }

    [Fact]
    public void What_is_sealed_for_an_agent_opens_with_its_key_and_id_only()
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var agent = AgentId.New();
        var secret = SealedForAgent.Seal(Clear, own, agent);

        secret.Open(own, agent).ShouldBe(Clear);
        Should.Throw<CryptographicException>(() => secret.Open(other, agent));
        Should.Throw<CryptographicException>(() => secret.Open(own, AgentId.New()));
    }

    [Fact]
    public void A_signature_holds_for_its_type_and_body_only()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = MessageSignature.Sign(key, "usage-batch", Clear);

        MessageSignature.Verify(key, "usage-batch", Clear, signature).ShouldBeTrue();
        MessageSignature.Verify(key, "journal-heads", Clear, signature).ShouldBeFalse();
        MessageSignature.Verify(key, "usage-batch", Clear.AsSpan(1), signature).ShouldBeFalse();
        MessageSignature.Verify(key, "usage-batch", Clear, null).ShouldBeFalse();
        MessageSignature.Verify(key, "usage-batch", Clear, new string('!', 88)).ShouldBeFalse();
    }
}
