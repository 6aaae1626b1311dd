using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Platform.TestKit.Upstream;

/// <summary>One caller's connection: a request, its script, the next request.</summary>
internal sealed class UpstreamConnection(Socket socket, int number, ScriptedUpstream server, UpstreamOptions options)
{
    /// <summary>How long a closed connection is still read, since unread bytes would turn the FIN into a RST.</summary>
    private static readonly TimeSpan Lingering = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            await using var stream = await OpenAsync(cancel);
            var source = new ByteSource(stream);
            var reader = new RequestReader(source, options);
            while (await ServeAsync(stream, source, reader, cancel))
                continue;
        }
        catch (Exception e) when (e is CallerLeftException or OperationCanceledException or IOException)
        {
            // Who leaves, or is left, in the middle of a request sees it himself.
            socket.LingerState = new(true, 0);
        }
        catch (Exception e) when (e is UpstreamFaultException or AuthenticationException)
        {
            server.Report(e);
            socket.LingerState = new(true, 0);
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async Task<Stream> OpenAsync(CancellationToken cancel)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (options.Certificate is null)
            return plain;
        var secured = new SslStream(plain);
        var terms = new SslServerAuthenticationOptions { ServerCertificate = options.Certificate, ApplicationProtocols = [SslApplicationProtocol.Http11] };
        await secured.AuthenticateAsServerAsync(terms, cancel).WaitAsync(options.Deadline, cancel);
        return secured;
    }

    /// <summary>One request; false where the connection is not to be used again.</summary>
    private async Task<bool> ServeAsync(Stream stream, ByteSource source, RequestReader reader, CancellationToken cancel)
    {
        if (source.Buffered.IsEmpty && !await source.MoreAsync(cancel))
            return false;
        if (await InTimeAsync("the head", reader.ReadHeadAsync, cancel) is not { } head)
            return false;
        var request = server.Admit(head, number);
        var end = ScriptEnd.Failed;
        try
        {
            var script = options.BeforeBody?.Invoke(request);
            if (script is null)
            {
                if (head.HasToken("expect", "100-continue"))
                    await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancel);
                await ReadBodyAsync(reader, request, cancel);
                script = server.Choose(request);
            }
            (end, var again) = await PlayAsync(script, request, stream, source, reader, cancel);
            if (end is ScriptEnd.Closed or ScriptEnd.Finished && !again)
                await CloseAsync(stream, source, request, end, cancel);
            else if (end is ScriptEnd.Reset)
                socket.LingerState = new(true, 0);
            return again;
        }
        catch (Exception e) when (e is CallerLeftException or IOException)
        {
            end = ScriptEnd.CallerLeft;
            request.MarkHungUp(server.Elapsed);
            return false;
        }
        finally
        {
            request.MarkEnded(end, server.Elapsed);
        }
    }

    private async Task<(ScriptEnd End, bool Again)> PlayAsync(
        Script script, UpstreamRequest request, Stream stream, ByteSource source, RequestReader reader, CancellationToken cancel)
    {
        var left = new CancellationTokenSource();
        using var stop = cancel.Register(left.Cancel);
        ScriptPlayer? player = null;
        player = new(socket, stream, options, async c =>
        {
            await ReadBodyAsync(reader, request, c);
            _ = WatchAsync(source, player!, request, left);
        });
        _ = WatchAsync(source, player, request, left);
        try
        {
            var end = await player.PlayAsync(script, request, left.Token);
            var again = end == ScriptEnd.Finished && !player.MustClose && request.Whole.IsCompleted
                && request.Head.Version == "HTTP/1.1" && !request.Head.HasToken("connection", "close");
            return (end, again);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CallerLeftException();
        }
    }

    private async Task WatchAsync(ByteSource source, ScriptPlayer player, UpstreamRequest request, CancellationTokenSource left)
    {
        if (await source.WatchAsync() || player.SaidAll || request.EndedAt is not null)
            return;
        request.MarkHungUp(server.Elapsed);
        await left.CancelAsync();
    }

    private async Task ReadBodyAsync(RequestReader reader, UpstreamRequest request, CancellationToken cancel)
    {
        if (request.Whole.IsCompleted)
            return;
        var (body, raw) = await InTimeAsync("the body", c => reader.ReadBodyAsync(request.Head, c), cancel);
        (request.Body, request.RawBody) = (body, raw);
        server.Identify(request);
        request.MarkWhole();
    }

    /// <summary>FIN, then silence until the caller closes too.</summary>
    private async Task CloseAsync(Stream stream, ByteSource source, UpstreamRequest request, ScriptEnd end, CancellationToken cancel)
    {
        // A finished answer ends its TLS session too; an early FIN does not, and is a truncation to the caller.
        if (stream is SslStream secured && end == ScriptEnd.Finished)
            await secured.ShutdownAsync();
        socket.Shutdown(SocketShutdown.Send);
        request.MarkEnded(end, server.Elapsed);
        using var lingering = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lingering.CancelAfter(Lingering);
        try
        {
            while (await source.MoreAsync(lingering.Token))
                source.Advance(source.Buffered.Length);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<T> InTimeAsync<T>(string what, Func<CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(options.Deadline);
        try
        {
            return await read(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new UpstreamFaultException($"Connection {number}: {what} took longer than {options.Deadline.TotalSeconds:0.###} s.");
        }
    }
}
