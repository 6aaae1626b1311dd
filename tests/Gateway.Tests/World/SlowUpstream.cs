using System.Text;
using Microsoft.AspNetCore.Http;

namespace Platform.Gateway.Tests.World;

/// <summary>
/// An endpoint that takes its time, in the dialect that it is asked in: 20 ms for a plain answer, 15 ms for each of a
/// stream's ten events.
/// </summary>
internal static class SlowUpstream
{
    private const int Events = 10;

    private static readonly Script Chat = new(
        """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":10}}""",
        [],
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}",
        [
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":10}}",
            "data: [DONE]",
        ]);

    private static readonly Script Responses = new(
        """{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":10,"total_tokens":13}}""",
        ["event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"output\":[]}}"],
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"delta\":\"x\"}",
        [
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":11,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[],"
                + "\"usage\":{\"input_tokens\":3,\"output_tokens\":10,\"total_tokens\":13}}}",
        ]);

    private static readonly Script Messages = new(
        """{"id":"msg_1","type":"message","role":"assistant","content":[],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":10}}""",
        ["event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}"],
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}",
        [
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":10}}",
            "event: message_stop\ndata: {\"type\":\"message_stop\"}",
        ]);

    /// <param name="hold">While it is on, streams stand still after their second event.</param>
    public static Task<UpstreamStub> StartAsync(StreamHold? hold = null) => UpstreamStub.StartAsync(
        (context, call) =>
        {
            var script = call.Path.EndsWith("/messages", StringComparison.Ordinal) ? Messages : call.Path.EndsWith("/responses", StringComparison.Ordinal) ? Responses : Chat;
            return call.Text.Contains("\"stream\":true", StringComparison.Ordinal) ? StreamAsync(context, script, hold) : AnswerAsync(context, script);
        });

    private static async Task AnswerAsync(HttpContext context, Script script)
    {
        await Task.Delay(20);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(script.Plain));
    }

    private static async Task StreamAsync(HttpContext context, Script script, StreamHold? hold)
    {
        context.Response.ContentType = "text/event-stream";
        var events = 0;
        foreach (var text in script.First.Concat(Enumerable.Repeat(script.Each, Events)).Concat(script.Last))
        {
            if (events++ == 2 && hold is { IsOn: true })
                await hold.WaitAsync(context.RequestAborted);
            await Task.Delay(15);
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text + "\n\n"), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private sealed record Script(string Plain, string[] First, string Each, string[] Last);
}

/// <summary>Lets a test stop streams in their middle.</summary>
internal sealed class StreamHold
{
    private int _held;

    public volatile bool IsOn;

    /// <summary>Streams that stood still so far.</summary>
    public int Held => Volatile.Read(ref _held);

    public Task WaitAsync(CancellationToken token)
    {
        Interlocked.Increment(ref _held);
        return Task.Delay(Timeout.Infinite, token);
    }
}
