using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.Contracts.Tests;

public sealed class WireJsonTests
{
    [Fact]
    public void A_pool_document_survives_the_wire()
    {
        var pool = new PoolDocument
        {
            Id = PoolId.New(),
            TenantId = TenantId.New(),
            Name = "llama",
            Engine = Engines.Vllm,
            Endpoints = [new(EndpointId.New(), new("http://10.0.0.1:8000"))],
        };

        var json = JsonSerializer.Serialize(pool, WireJson.Default.PoolDocument);
        var read = JsonSerializer.Deserialize(json, WireJson.Default.PoolDocument).ShouldNotBeNull();

        (read with { Endpoints = pool.Endpoints }).ShouldBe(pool);
        read.Endpoints.ShouldBe(pool.Endpoints);
    }

    [Fact]
    public void A_document_with_a_member_twice_is_refused() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(
            $$"""{"id":"{{Guid.NewGuid()}}","slug":"a","slug":"b"}""", WireJson.Default.TenantDocument));

    [Theory]
    [InlineData("\"not a uuid\"")]
    [InlineData("17")]
    [InlineData("null")]
    public void An_id_that_is_no_uuid_is_refused(string id) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(
            $$"""{"id":{{id}},"slug":"a"}""", WireJson.Default.TenantDocument));

    [Fact]
    public void A_default_group_name_is_not_a_valid_one() =>
        AgentGroupName.TryParse(default(AgentGroupName).Value, null, out _).ShouldBeFalse();
}
