using System.Security.Cryptography;
using Platform.Contracts.Ids;

namespace Platform.Contracts.Tests;

public sealed class ApiKeyFormatTests
{
    [Fact]
    public void A_generated_key_has_a_prefix_that_finds_it()
    {
        var key = ApiKeyFormat.Generate();

        ApiKeyFormat.TryGetPrefix(key, out var prefix).ShouldBeTrue();
        key.ShouldStartWith(prefix.Value);
        key.Length.ShouldBe(ApiKeyFormat.Length);
    }

    [Fact]
    public void Two_generated_keys_differ() => ApiKeyFormat.Generate().ShouldNotBe(ApiKeyFormat.Generate());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("sk-short")]
    [InlineData("pk-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sk-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!")]
    [InlineData("sk-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Anything_else_has_no_prefix(string? key) => ApiKeyFormat.TryGetPrefix(key, out _).ShouldBeFalse();

    [Fact]
    public void The_hash_depends_on_the_key_and_on_the_pepper()
    {
        var key = ApiKeyFormat.Generate();
        var pepper = RandomNumberGenerator.GetBytes(32);

        ApiKeyFormat.Hash(key, pepper).ShouldBe(ApiKeyFormat.Hash(key, pepper));
        ApiKeyFormat.Hash(key, pepper).ShouldNotBe(ApiKeyFormat.Hash(ApiKeyFormat.Generate(), pepper));
        ApiKeyFormat.Hash(key, pepper).ShouldNotBe(ApiKeyFormat.Hash(key, RandomNumberGenerator.GetBytes(32)));
    }
}
