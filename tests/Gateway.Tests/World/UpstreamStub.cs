using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Platform.Gateway.Tests.World;

/// <summary>An endpoint whose answers a test writes; it keeps what it was sent.</summary>
internal sealed class UpstreamStub : IAsyncDisposable
{
    private readonly LocalServer _server;

    private UpstreamStub(LocalServer server, ConcurrentQueue<UpstreamCall> calls) => (_server, Calls) = (server, calls);

    public ConcurrentQueue<UpstreamCall> Calls { get; }

    public Uri Url => _server.Url;

    public static async Task<UpstreamStub> StartAsync(Func<HttpContext, UpstreamCall, Task> answer)
    {
        var calls = new ConcurrentQueue<UpstreamCall>();
        var server = await LocalServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var call = new UpstreamCall(
                context.Request.Path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
            calls.Enqueue(call);
            await answer(context, call);
        });
        return new(server, calls);
    }

    /// <summary>Answers with these bytes as they are.</summary>
    public static Task<UpstreamStub> StartAsync(int status, string contentType, string body) => StartAsync(async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    });

    public static Task<UpstreamStub> JsonAsync(string body, int status = 200) => StartAsync(status, "application/json", body);

    public static Task<UpstreamStub> EventsAsync(string body) => StartAsync(200, "text/event-stream; charset=utf-8", body);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed record UpstreamCall(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
