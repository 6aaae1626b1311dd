using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platform.Bench.Gateway.Traffic;

/// <summary>One connection of the driver: a request, its answer, the next one. Plain sockets, because a client library would cost more than what is measured.</summary>
internal sealed class DrivenConnection(DriveJob job, byte[] request) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly AnswerReader _reader = new();
    private Socket? _socket;

    /// <summary>Nanoseconds, for each whole answer.</summary>
    public List<long> Answers { get; } = [];

    /// <summary>Nanoseconds, for each stamped event.</summary>
    public List<long> Events => _reader.Events;

    public int Errors { get; private set; }

    public string? Fault { get; private set; }

    public async Task RunAsync(TimeSpan delay, long started, CancellationToken ct)
    {
        try
        {
            await Task.Delay(delay, ct);
            do
                await OnceAsync(ct);
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < job.Seconds);
        }
        catch (OperationCanceledException)
        {
            Fail("no end within the driver's patience");
        }
    }

    public void Dispose() => _socket?.Dispose();

    private async Task OnceAsync(CancellationToken ct)
    {
        try
        {
            var begun = Stopwatch.GetTimestamp();
            var before = Events.Count;
            await AskAsync(ct);
            if (_reader.Status != 200)
                Fail($"status {_reader.Status}: {_reader.Text}");
            else if (job.EventsPerAnswer > 0 && (Events.Count - before != job.EventsPerAnswer || !_reader.SawDone))
                Fail($"{Events.Count - before} of {job.EventsPerAnswer} events");
            else
                Answers.Add(Stopwatch.GetTimestamp() - begun);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Fail(e.Message);
        }
    }

    private async Task AskAsync(CancellationToken ct)
    {
        _socket ??= await ConnectAsync(ct);
        _reader.Begin(scan: job.EventsPerAnswer > 0);
        for (var sent = 0; sent < request.Length;)
            sent += await _socket.SendAsync(request.AsMemory(sent), ct);
        while (!_reader.IsDone)
        {
            var count = await _socket.ReceiveAsync(_buffer, ct);
            if (count == 0)
                throw new IOException("the connection ended before the answer did");
            _reader.Feed(_buffer.AsSpan(0, count), Stopwatch.GetTimestamp());
        }
        if (_reader.Closes)
            Drop();
    }

    private async Task<Socket> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, job.Port, ct);
        return socket;
    }

    private void Fail(string fault)
    {
        Errors++;
        Fault ??= fault;
        Drop();
    }

    private void Drop()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
