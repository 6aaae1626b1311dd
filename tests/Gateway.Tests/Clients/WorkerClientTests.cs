using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Microsoft.AspNetCore.Builder;
using OpenAI;
using OpenAI.Chat;
using Platform.Contracts.Configuration;
using Platform.Gateway.Tests.World;
using Platform.GpuWorker;

namespace Platform.Gateway.Tests.Clients;

/// <summary>The official .NET clients through the gateway to the simulated worker, which counts its own tokens.</summary>
public sealed class WorkerClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int MaxModelLength = 400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAIs_plain_and_streamed_are_counted_as_the_worker_counts()
    {
        await using var worker = await StartAsync();
        var tenant = await fixture.TenantAsync(Engines.Vllm, WorkerApp.Addresses(worker).Api);
        var chat = OpenAI(tenant);
        var (text, usage) = (new StringBuilder(), (ChatTokenUsage?)null);

        var plain = (await chat.CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: Cancel)).Value;
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: Cancel))
        {
            foreach (var part in update.ContentUpdate)
                text.Append(part.Text);
            usage ??= update.Usage;
        }

        text.ToString().ShouldBe(plain.Content[0].Text);
        (usage!.InputTokenCount, usage.OutputTokenCount).ShouldBe((plain.Usage.InputTokenCount, plain.Usage.OutputTokenCount));
        await ShouldBeCountedAsync(tenant, 2, usage.InputTokenCount, usage.OutputTokenCount);
    }

    [Fact]
    public async Task Anthropics_plain_and_streamed_are_counted_as_the_worker_counts()
    {
        await using var worker = await StartAsync();
        var tenant = await fixture.TenantAsync(Engines.Vllm, WorkerApp.Addresses(worker).Api);
        using var client = Anthropic(tenant);

        var plain = await client.Messages.Create(Ask(tenant, "Hi"), Cancel);
        var streamed = await AnthropicWorld.ReadAsync(client, Ask(tenant, "Hi"), Cancel);
        var counted = await client.Messages.CountTokens(new() { Model = tenant.Model, Messages = [new UserMessageParam("Hi")] }, Cancel);

        plain.Content.ShouldHaveSingleItem().TryPickText(out var text).ShouldBeTrue();
        (streamed.Text, streamed.OutputTokens, streamed.StopReason, streamed.HasStopped).ShouldBe((text!.Text, plain.Usage.OutputTokens, plain.StopReason!.Raw(), true));
        counted.InputTokens.ShouldBe(plain.Usage.InputTokens + (plain.Usage.CacheReadInputTokens ?? 0));
        await ShouldBeCountedAsync(tenant, 3, counted.InputTokens, plain.Usage.OutputTokens);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_each_clients_own_exception()
    {
        await using var worker = await StartAsync();
        var tenant = await fixture.TenantAsync(Engines.Vllm, WorkerApp.Addresses(worker).Api);
        using var client = Anthropic(tenant);
        var prompt = new string('x', MaxModelLength * 8);

        var anthropics = await Should.ThrowAsync<AnthropicBadRequestException>(client.Messages.Create(Ask(tenant, prompt), Cancel));
        var openAIs = await Should.ThrowAsync<ClientResultException>(OpenAI(tenant).CompleteChatAsync([new UserChatMessage(prompt)], cancellationToken: Cancel));

        anthropics.Message.ShouldContain("maximum context length is 400 tokens");
        openAIs.Status.ShouldBe(400);
        openAIs.Message.ShouldContain("maximum context length is 400 tokens");
    }

    /// <summary>What the records hold that were for text; no model runs for a length.</summary>
    private static async Task ShouldBeCountedAsync(TestTenant tenant, int records, long input, long output)
    {
        await Until.TrueAsync(() => tenant.Records().Count >= records);
        var made = tenant.Records().Where(r => r.Operation != "count_tokens").ToList();
        made.Count.ShouldBe(2);
        made.ShouldAllBe(r => r.Status == 200 && r.UsageSource == "provider" && r.InputTokens == input && r.OutputTokens == output);
    }

    private static async Task<WebApplication> StartAsync()
    {
        var worker = WorkerApp.Build(new() { Port = 0, Model = "upstream-model", TimeScale = 0.05, Noise = 0, MaxModelLength = MaxModelLength });
        await worker.StartAsync(Cancel);
        return worker;
    }

    private static MessageCreateParams Ask(TestTenant tenant, string prompt) => new() { MaxTokens = 20, Model = tenant.Model, Messages = [new UserMessageParam(prompt)] };

    private static ChatClient OpenAI(TestTenant tenant) => new OpenAIClient(
        new ApiKeyCredential(tenant.Key), new() { Endpoint = new(tenant.Gateway.Url, "v1"), RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient(tenant.Model);

    private static AnthropicClient Anthropic(TestTenant tenant) => new()
    {
        BaseUrl = tenant.Gateway.Url.ToString().TrimEnd('/'),
        ApiKey = tenant.Key,
        MaxRetries = 0,
        Timeout = TimeSpan.FromSeconds(20),
    };
}
