using System.Net;
using Platform.Hosting.Outbound;

namespace Platform.Control.Identity.External;

/// <summary>
/// Calls to addresses that tenants chose: public ones only, no redirects, bounded bodies, and an end for every wait. What
/// goes wrong is an answer of null; it is said in the log, and never to the caller.
/// </summary>
internal sealed class ProviderHttp(ProviderAddresses addresses, ILogger<ProviderHttp> logger) : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly HttpClient _public = new(OutboundHttp.CreateHandler(allowPrivateNetworks: false, Deadline)) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly HttpClient _loopback = new(OutboundHttp.CreateHandler(allowPrivateNetworks: true, Deadline)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The body of a 200 with at most so many bytes, else null.</summary>
    public async Task<byte[]?> SendAsync(HttpRequestMessage request, int maxBytes, CancellationToken ct)
    {
        var address = request.RequestUri!;
        if (!addresses.IsAllowed(address))
            return Failed(address, "the address is not allowed");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        try
        {
            var http = addresses.IsAllowedLoopback(address) ? _loopback : _public;
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (answer.StatusCode != HttpStatusCode.OK)
                return Failed(address, $"status {(int)answer.StatusCode}");
            await using var body = await answer.Content.ReadAsStreamAsync(deadline.Token);
            var buffer = new byte[maxBytes + 1];
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, deadline.Token);
            return length > maxBytes ? Failed(address, $"more than {maxBytes} bytes") : buffer[..length];
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed(address, "no answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed(address, e.InnerException is AddressRefusedException ? "no public address" : "no connection");
        }
    }

    public Task<byte[]?> GetAsync(Uri address, int maxBytes, CancellationToken ct) => SendAsync(new(HttpMethod.Get, address), maxBytes, ct);

    public void Dispose()
    {
        _public.Dispose();
        _loopback.Dispose();
    }

    private byte[]? Failed(Uri address, string fault)
    {
        Log.CallFailed(logger, address.GetLeftPart(UriPartial.Authority), fault);
        return null;
    }
}
