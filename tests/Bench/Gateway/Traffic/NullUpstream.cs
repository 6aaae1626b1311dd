using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Bench.Gateway.Traffic;

/// <summary>
/// An engine that thinks nothing: fixed bytes at once, or a stream of events at the pace that the model's name says, each
/// with the time at which it was written.
/// </summary>
internal static class NullUpstream
{
    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(o => o.AddServerHeader = false);
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var (model, counted) = await ReadAsync(context.Request);
        if (Pace(model) is { } pace)
        {
            await StreamAsync(context, pace.Events, pace.PerSecond, counted ? FixedAnswers.CountedEvent : FixedAnswers.Event);
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = FixedAnswers.Plain.Length;
        await context.Response.Body.WriteAsync(FixedAnswers.Plain);
    }

    private static async Task<(string Model, bool Counted)> ReadAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        var read = await reader.ReadAsync();
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync();
        }
        var found = Find(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
        reader.AdvanceTo(read.Buffer.End);
        return found;
    }

    private static (string Model, bool Counted) Find(ReadOnlySpan<byte> body)
    {
        var name = "\"model\":\""u8;
        var start = body.IndexOf(name);
        if (start < 0)
            return ("", false);
        var rest = body[(start + name.Length)..];
        return (Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]), body.IndexOf("\"continuous_usage_stats\":true"u8) >= 0);
    }

    private static (int Events, int PerSecond)? Pace(string model) =>
        model.Split('-') is ["stream", var events, var perSecond] && int.TryParse(events, out var n) && int.TryParse(perSecond, out var r) ? (n, r) : null;

    private static async Task StreamAsync(HttpContext context, int events, int perSecond, (byte[] Before, byte[] After) text)
    {
        context.Response.ContentType = "text/event-stream";
        var bytes = (byte[])[.. text.Before, .. new byte[StampScan.Digits], .. text.After];
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        for (var i = 0; i < events; i++)
        {
            await timer.WaitForNextTickAsync(context.RequestAborted);
            Utf8Formatter.TryFormat(Stopwatch.GetTimestamp(), bytes.AsSpan(text.Before.Length), out _, new('D', StampScan.Digits));
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
        await context.Response.Body.WriteAsync(FixedAnswers.End, context.RequestAborted);
    }
}
