using System.ClientModel;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Platform.GpuWorker.Tests.Running;

namespace Platform.GpuWorker.Tests.Api;

/// <summary>OpenAI's own client takes what the worker says.</summary>
public sealed class OfficialClientTests
{
    [Fact]
    public async Task It_reads_plain_and_streamed_answers_with_their_usage()
    {
        await using var worker = await Worker.StartAsync("--api-key", "k");
        var client = Client(worker, "k");
        ChatCompletion plain = await client.CompleteChatAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken);
        plain.FinishReason.ShouldBe(ChatFinishReason.Stop);
        plain.Usage.TotalTokenCount.ShouldBe(plain.Usage.InputTokenCount + plain.Usage.OutputTokenCount);
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(c => c.Text)));
            usage = update.Usage ?? usage;
        }
        text.ToString().ShouldBe(plain.Content[0].Text);
        usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(plain.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task It_reads_a_refusal()
    {
        await using var worker = await Worker.StartAsync("--api-key", "k");
        var refused = await Should.ThrowAsync<ClientResultException>(() =>
            Client(worker, "wrong").CompleteChatAsync([new UserChatMessage("Hello")], cancellationToken: TestContext.Current.CancellationToken));
        refused.Status.ShouldBe(401);
        refused.Message.ShouldContain("invalid_api_key");
    }

    private static ChatClient Client(Worker worker, string key) =>
        new(Worker.Model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new(worker.Client.BaseAddress!, "/v1") });
}
