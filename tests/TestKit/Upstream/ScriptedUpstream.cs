using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platform.TestKit.Upstream;

/// <summary>
/// An upstream on raw sockets that plays a <see cref="Script"/> for each request, byte by byte, and keeps what it was sent.
/// Every send is a packet (<c>TCP_NODELAY</c>), so a test decides where packets end and how a connection dies.
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly Dictionary<(string Method, string Path, string? Model), int> _seen = [];
    private readonly List<UpstreamRequest> _requests = [];
    private readonly Lock _lock = new();
    private readonly Func<UpstreamRequest, Script> _choose;
    private readonly UpstreamOptions _options;
    private readonly Socket _listener;
    private readonly Task _accepting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private int _count;

    private ScriptedUpstream(Func<UpstreamRequest, Script> choose, UpstreamOptions options)
    {
        (_choose, _options) = (choose, options);
        _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Url = new($"{(options.Certificate is null ? "http" : "https")}://127.0.0.1:{Port}/");
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Url { get; }

    /// <summary>Time since the server started; every time of a request is on this clock.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Requests that ever came, those dropped from <see cref="Requests"/> included.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Connections that were ever made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int OpenConnections => _running.Count;

    /// <summary>Broken requests, deadlines that passed, exceptions of the test's own code; a test of good traffic asserts that there are none.</summary>
    public IReadOnlyCollection<Exception> Faults => _faults;

    /// <summary>The newest requests, from their heads on, in order of arrival.</summary>
    public IReadOnlyList<UpstreamRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public static ScriptedUpstream Start(Func<UpstreamRequest, Script> choose, UpstreamOptions? options = null) => new(choose, options ?? new());

    public static ScriptedUpstream Start(Script always, UpstreamOptions? options = null) => Start(_ => always, options);

    /// <summary>Waits for a request, counted from 1, until its body is whole; ten seconds unless told.</summary>
    public async Task<UpstreamRequest> RequestAsync(int number, TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(10));
        try
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (_requests.FirstOrDefault(r => r.Number == number) is { } found && (found.Whole.IsCompleted || found.Ended.IsCompleted))
                        return found;
                    changed = _changed.Task;
                }
                await changed.WaitAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Request {number} did not come; there were {Count}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_running.Keys).WaitAsync(TimeSpan.FromSeconds(10));
        _running.Clear();
        _closing.Dispose();
    }

    internal UpstreamRequest Admit(RequestHead head, int connection)
    {
        var request = new UpstreamRequest(head, connection, Elapsed);
        lock (_lock)
        {
            request.Number = Interlocked.Increment(ref _count);
            // Before the body is read no model is known; the empty one counts them all.
            request.Seen = SeenAgain((request.Method, request.Path, ""));
            _requests.Add(request);
            if (_requests.Count > _options.MaxRequests)
                _requests.RemoveAt(0);
        }
        _ = request.Whole.ContinueWith(_ => Changed(), TaskScheduler.Default);
        _ = request.Ended.ContinueWith(_ => Changed(), TaskScheduler.Default);
        return request;
    }

    /// <summary>With the body there, the model is known, and so how often the like was seen.</summary>
    internal void Identify(UpstreamRequest request)
    {
        request.Model = ModelName.Of(request.Body);
        lock (_lock)
            request.Seen = SeenAgain((request.Method, request.Path, request.Model));
    }

    internal Script Choose(UpstreamRequest request)
    {
        try
        {
            return _choose(request);
        }
        catch (Exception e)
        {
            throw new UpstreamFaultException($"No script for {request}.", e);
        }
    }

    internal void Report(Exception fault) => _faults.Enqueue(fault);

    private int SeenAgain((string Method, string Path, string? Model) key) => _seen[key] = 1 + _seen.GetValueOrDefault(key);

    private void Changed()
    {
        lock (_lock)
        {
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_closing.Token);
                socket.NoDelay = true;
                var running = new UpstreamConnection(socket, Interlocked.Increment(ref _connections), this, _options).RunAsync(_closing.Token);
                _running.TryAdd(running, 0);
                _ = running.ContinueWith(done => Ended(done), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            if (!_closing.IsCancellationRequested)
                Report(e);
        }
    }

    private void Ended(Task connection)
    {
        if (connection.Exception is { } surprise)
            Report(surprise);
        _running.TryRemove(connection, out _);
    }
}
