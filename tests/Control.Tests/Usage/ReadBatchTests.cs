using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class ReadBatchTests
{
    private static readonly AgentId Agent = AgentId.New();
    private static readonly BootId Boot = BootId.New();

    [Fact]
    public void A_batch_is_read_as_it_was_written()
    {
        var batch = new UsageBatch(Agent, [Records.Some(Agent, Boot, 1, TenantId.New()), Records.Some(Agent, Boot, 2, TenantId.New())]);

        var read = ReadBatch.TryRead(JsonSerializer.SerializeToUtf8Bytes(batch, WireJson.Default.UsageBatch)).ShouldNotBeNull();

        read.AgentId.ShouldBe(Agent);
        read.Records.ShouldBe(batch.Records);
        read.Unreadable.ShouldBeEmpty();
    }

    [Fact]
    public void A_record_without_its_form_leaves_the_others_and_keeps_its_place()
    {
        var batch = new UsageBatch(Agent, [Records.Some(Agent, Boot, 1, TenantId.New()), Records.Some(Agent, Boot, 2, TenantId.New())]);
        var json = JsonSerializer.SerializeToNode(batch, WireJson.Default.UsageBatch)!;
        json["records"]![0]!.AsObject().Remove("tenantId");
        json["records"]!.AsArray().Add(JsonValue.Create("no record"));

        var read = ReadBatch.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString())).ShouldNotBeNull();

        read.Records.ShouldBe([batch.Records[1]]);
        read.Unreadable.Count.ShouldBe(2);
        read.Unreadable[0].BootId.ShouldBe(Boot);
        read.Unreadable[0].Sequence.ShouldBe(1);
        read.Unreadable[1].Sequence.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"agentId":"x","records":[]}""")]
    [InlineData("""{"agentId":"10000000-0000-7000-8000-000000000001"}""")]
    [InlineData("""{"agentId":"10000000-0000-7000-8000-000000000001","records":{}}""")]
    public void What_is_no_batch_is_not_read(string body) =>
        ReadBatch.TryRead(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    [Fact]
    public void A_batch_over_the_limit_is_not_read()
    {
        var records = string.Join(',', Enumerable.Repeat("1", UsageBatch.MaxRecords + 1));

        ReadBatch.TryRead(Encoding.UTF8.GetBytes($$"""{"agentId":"{{Agent}}","records":[{{records}}]}""")).ShouldBeNull();
    }
}
