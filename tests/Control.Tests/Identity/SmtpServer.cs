using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Platform.Control.Tests.Identity;

internal enum SmtpFault
{
    None,

    /// <summary>Closes each connection with 421.</summary>
    Away,

    /// <summary>Answers 550 to each recipient.</summary>
    RefusesRecipients,

    /// <summary>Takes the connection and says nothing.</summary>
    Hangs,
}

/// <summary>A small mail server that speaks SMTP (RFC 5321) on a socket, without TLS, with faults that can be switched on.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<string> _mails = Channel.CreateUnbounded<string>();
    private readonly List<Task> _sessions = [];
    private readonly Task _accepting;
    private int _connections;

    public SmtpServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public SmtpFault Fault { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public ChannelReader<string> Mails => _mails.Reader;

    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        return await _mails.Reader.ReadAsync(patience.Token);
    }

    public async Task ConnectedAsync(int times)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Connections < times)
            await timer.WaitForNextTickAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll([_accepting, .. _sessions]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            _sessions.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        if (Fault is SmtpFault.Hangs)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        await writer.WriteLineAsync(Fault is SmtpFault.Away ? "421 away" : "220 test");
        if (Fault is SmtpFault.Away)
            return;
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            await writer.WriteLineAsync(verb switch
            {
                "EHLO" => "250-test\r\n250 8BITMIME",
                "RCPT" when Fault is SmtpFault.RefusesRecipients => "550 nobody here",
                "HELO" or "MAIL" or "RCPT" or "RSET" or "NOOP" => "250 ok",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "502 what",
            });
            if (verb == "QUIT")
                return;
            if (verb == "DATA")
            {
                _mails.Writer.TryWrite(await BodyAsync(reader));
                await writer.WriteLineAsync("250 taken");
            }
        }
    }

    private async Task<string> BodyAsync(StreamReader reader)
    {
        var body = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            body.AppendLine(line);
        return body.ToString();
    }
}
