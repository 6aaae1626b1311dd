using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI.Responses;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Clients;

/// <summary>OpenAI's own client reads the samples of the Responses API.</summary>
public sealed class ResponsesClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plain_response()
    {
        var sample = AnswerSample.Thinking with { Tools = AnswerSample.ToolCalls.Tools };
        await using var upstream = ScriptedUpstream.Start(Script.Json(ResponsesWire.Response(sample)));

        var response = (await Client(upstream).CreateResponseAsync("m", "Hi", cancellationToken: Cancel)).Value;

        response.GetOutputText().ShouldBe(sample.WholeText);
        response.OutputItems.OfType<FunctionCallResponseItem>().Select(f => f.FunctionArguments.ToString()).ShouldBe(sample.Tools.Select(t => t.Arguments));
        response.OutputItems.OfType<ReasoningResponseItem>().ShouldHaveSingleItem();
        (response.Usage.InputTokenCount, response.Usage.OutputTokenCount).ShouldBe((31, 25));
        (response.Usage.InputTokenDetails.CachedTokenCount, response.Usage.OutputTokenDetails.ReasoningTokenCount).ShouldBe((16, 18));
        (await upstream.RequestAsync(1)).Path.ShouldBe("/v1/responses");
    }

    [Fact]
    public async Task A_streamed_response()
    {
        var sample = AnswerSample.Greeting with { Tools = AnswerSample.ToolCalls.Tools };
        await using var upstream = ScriptedUpstream.Start(Script.Events(ResponsesWire.ResponseEvents(sample)));
        var text = new StringBuilder();
        var arguments = new StringBuilder();
        var numbers = new List<int>();
        ResponseResult? whole = null;

        await foreach (var update in await Client(upstream).CreateResponseStreamingAsync("m", "Hi", cancellationToken: Cancel))
        {
            numbers.Add(update.SequenceNumber);
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text.Append(delta.Delta);
            else if (update is StreamingResponseFunctionCallArgumentsDeltaUpdate call)
                arguments.Append(call.Delta);
            else if (update is StreamingResponseCompletedUpdate completed)
                whole = completed.Response;
        }

        numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
        text.ToString().ShouldBe(sample.WholeText);
        arguments.ToString().ShouldBe(string.Concat(sample.Tools.Select(t => t.Arguments)));
        whole.ShouldNotBeNull().Usage.TotalTokenCount.ShouldBe(sample.Usage.Total);
        whole.GetOutputText().ShouldBe(sample.WholeText);
    }

    [Fact]
    public async Task A_failed_one_and_an_error_in_the_stream()
    {
        await using var upstream = ScriptedUpstream.Start(ScriptTable.Sequence(
            Script.Events(ResponsesWire.FailedEvents(AnswerSample.Greeting)),
            Script.Events([.. ResponsesWire.ResponseEvents(AnswerSample.Greeting).Take(2), ResponsesWire.ErrorEvent(2, "server_error", "It broke.")])));

        var failed = await LastAsync(upstream);
        var broken = await LastAsync(upstream);

        failed.ShouldBeOfType<StreamingResponseFailedUpdate>().Response.Error.Message.ShouldBe("The model failed.");
        broken.ShouldBeOfType<StreamingResponseErrorUpdate>().Message.ShouldBe("It broke.");
    }

    private static async Task<StreamingResponseUpdate?> LastAsync(ScriptedUpstream upstream)
    {
        StreamingResponseUpdate? last = null;
        await foreach (var update in await Client(upstream).CreateResponseStreamingAsync("m", "Hi", cancellationToken: Cancel))
            last = update;
        return last;
    }

    private static ResponsesClient Client(ScriptedUpstream upstream) => new(
        new ApiKeyCredential("sk-test"), new ResponsesClientOptions { Endpoint = new(upstream.Url, "v1"), RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = TimeSpan.FromSeconds(10) });
}
