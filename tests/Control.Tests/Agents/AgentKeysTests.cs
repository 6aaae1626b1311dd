using System.Security.Cryptography;
using Platform.Control.Agents;

namespace Platform.Control.Tests.Agents;

public sealed class AgentKeysTests
{
    private readonly string _signing = Spki(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly string _encryption = Spki(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    [Fact]
    public void Two_keys_on_p256_are_read()
    {
        var keys = AgentKeys.TryRead(_signing, _encryption).ShouldNotBeNull();

        Convert.ToBase64String(keys.Signing).ShouldBe(_signing);
        Convert.ToBase64String(keys.Encryption).ShouldBe(_encryption);
    }

    [Fact]
    public void The_signing_key_becomes_a_public_json_web_key()
    {
        var jwk = AgentKeys.TryRead(_signing, _encryption)!.ToJsonWebKeySet().Keys.ShouldHaveSingleItem();

        (jwk.Kty, jwk.Crv, jwk.Use, jwk.Alg).ShouldBe(("EC", "P-256", "sig", "ES256"));
        jwk.HasPrivateKey.ShouldBeFalse();
    }

    [Fact]
    public void Anything_else_is_refused()
    {
        AgentKeys.TryRead("", _encryption).ShouldBeNull();
        AgentKeys.TryRead("no base64!", _encryption).ShouldBeNull();
        AgentKeys.TryRead(_signing, Convert.ToBase64String([1, 2, 3])).ShouldBeNull();
        AgentKeys.TryRead(_signing, _signing).ShouldBeNull();
        AgentKeys.TryRead(_signing, Convert.ToBase64String([.. Convert.FromBase64String(_encryption), 0])).ShouldBeNull();
        AgentKeys.TryRead(Spki(ECDsa.Create(ECCurve.NamedCurves.nistP384)), _encryption).ShouldBeNull();
        AgentKeys.TryRead(Convert.ToBase64String(RSA.Create(2048).ExportSubjectPublicKeyInfo()), _encryption).ShouldBeNull();
    }

    private static string Spki(AsymmetricAlgorithm key)
    {
        using (key)
            return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }
}
