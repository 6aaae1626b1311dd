using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Gateway.Micro;

/// <summary>
/// A plain request through the whole agent, its record in the journal included, and through bare YARP. The caller and the
/// upstream allocate nothing, so that what is counted is the proxy's; times are of one request after the other.
/// </summary>
public class WholeRequest
{
    private readonly RawUpstream _upstream = new();
    private readonly RunningAgent _agent = new();
    private readonly byte[] _answer = new byte[16 * 1024];
    private WebApplication? _yarp;
    private Socket? _toAgent;
    private Socket? _toYarp;
    private byte[] _request = [];

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        await _agent.StartAsync(_upstream.Port);
        _request = _agent.Request();
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        _yarp = builder.Build();
        _yarp.MapForwarder("/{**path}", $"http://127.0.0.1:{_upstream.Port}");
        await _yarp.StartAsync();
        var address = _yarp.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _toAgent = await ConnectAsync(_agent.Port);
        _toYarp = await ConnectAsync(new Uri(address).Port);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _toAgent?.Dispose();
        _toYarp?.Dispose();
        await _agent.DisposeAsync();
        await _yarp!.DisposeAsync();
        _upstream.Dispose();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<int> BareYarp() => AskAsync(_toYarp!);

    [Benchmark]
    public ValueTask<int> Agent() => AskAsync(_toAgent!);

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    /// <summary>The answer's length; it ends as the upstream's body does.</summary>
    private async ValueTask<int> AskAsync(Socket socket)
    {
        await socket.SendAsync(_request);
        var filled = 0;
        do
        {
            var count = await socket.ReceiveAsync(_answer.AsMemory(filled));
            if (count == 0)
                throw new IOException("The proxy closed the connection.");
            filled += count;
        }
        while (!_answer.AsSpan(0, filled).EndsWith(" }"u8));
        return _answer.AsSpan(0, filled).StartsWith("HTTP/1.1 200"u8) ? filled : throw new IOException("The proxy refused the request.");
    }
}
