using System.Security.Cryptography;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Delivery;

namespace Platform.Control.Tests.Delivery;

public sealed class GroupSealerTests
{
    private static readonly TenantId Tenant = TenantId.New();
    private static readonly AgentGroupName Group = AgentGroupName.Default;
    private readonly GroupSealer _sealer = new(new("k1", RandomNumberGenerator.GetBytes(32)), Group);

    [Fact]
    public void The_same_clear_text_under_the_same_key_keeps_its_sealing()
    {
        var stored = Seal("secret"u8, null);

        Seal("secret"u8, stored).ShouldBeSameAs(stored);
    }

    [Fact]
    public void Another_clear_text_is_sealed_anew()
    {
        var stored = Seal("secret"u8, null);

        Seal("other"u8, stored).Ciphertext.ShouldNotBe(stored.Ciphertext);
    }

    [Fact]
    public void Another_key_or_another_resource_is_sealed_anew()
    {
        var stored = Seal("secret"u8, null);
        var rotated = new GroupSealer(new("k2", RandomNumberGenerator.GetBytes(32)), Group);

        rotated.Seal("secret"u8, Tenant, SealedSecret.ProviderKeyKind, "pool", stored).KeyId.ShouldBe("k2");
        _sealer.Seal("secret"u8, Tenant, SealedSecret.ProviderKeyKind, "other", stored).ShouldNotBeSameAs(stored);
    }

    private SealedSecret Seal(ReadOnlySpan<byte> clear, SealedSecret? stored) =>
        _sealer.Seal(clear, Tenant, SealedSecret.ProviderKeyKind, "pool", stored);
}
