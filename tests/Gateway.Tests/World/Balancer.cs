using System.Net.Sockets;

namespace Platform.Gateway.Tests.World;

/// <summary>
/// Does what a load balancer does: asks <c>/readyz</c> every 100 ms, gives requests in turn to those that are ready, and
/// tries another only where a connection was refused.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly Backend[] _backends;
    private readonly Task _checks;
    private int _turn;
    private int _refused;

    public Balancer(params Uri[] backends)
    {
        _backends = [.. backends.Select(b => new Backend(b))];
        _checks = Task.WhenAll(_backends.Select(CheckAsync));
    }

    /// <summary>Connections that found nobody: the backend went before it was seen to leave.</summary>
    public int Refused => _refused;

    public bool IsReady(int backend) => _backends[backend].IsReady;

    public int Served(int backend) => _backends[backend].Served;

    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request)
    {
        for (var tries = 0; ; tries++)
        {
            var ready = _backends.Where(b => b.IsReady).ToArray();
            if (ready.Length == 0)
                throw new HttpRequestException("No backend is ready.");
            var backend = ready[(uint)Interlocked.Increment(ref _turn) % ready.Length];
            try
            {
                var response = await backend.Http.SendAsync(request(), HttpCompletionOption.ResponseHeadersRead, CancellationToken.None);
                Interlocked.Increment(ref backend.Served);
                return response;
            }
            catch (HttpRequestException e) when (tries < _backends.Length && e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                backend.IsReady = false;
                Interlocked.Increment(ref _refused);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _checks;
        foreach (var backend in _backends)
            backend.Http.Dispose();
        _stop.Dispose();
    }

    private async Task CheckAsync(Backend backend)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        while (!_stop.IsCancellationRequested)
        {
            backend.IsReady = await AnswersAsync(http, new(backend.Http.BaseAddress!, "/readyz"));
            await Task.Delay(Interval, CancellationToken.None);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri url)
    {
        try
        {
            using var response = await http.GetAsync(url, CancellationToken.None);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Backend(Uri url)
    {
        public volatile bool IsReady;
        public int Served;

        public HttpClient Http { get; } = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
    }
}
