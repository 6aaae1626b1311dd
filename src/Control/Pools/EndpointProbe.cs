using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Hosting.Outbound;

namespace Platform.Control.Pools;

/// <summary>
/// One cheap request to an endpoint. What it tells is a word from a closed list: never what the upstream said, nor where
/// its name leads.
/// </summary>
internal sealed class EndpointProbe(HttpMessageInvoker http, string engine, string? key, TimeSpan deadline, TimeProvider time)
{
    private const string Anthropic = "anthropic";
    private const string AnthropicVersion = "2023-06-01";

    public async Task<EndpointTestAnswer> TryAsync(EndpointId id, string url, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        using var end = new CancellationTokenSource(deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, ct);
        try
        {
            using var request = Request(url);
            using var answer = await http.SendAsync(request, both.Token);
            var models = answer.IsSuccessStatusCode ? await ModelCount.ReadAsync(answer.Content, both.Token) : 0;
            return Answer(KindOf(answer.StatusCode), (int)answer.StatusCode, models);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or OperationCanceledException or IOException)
        {
            return Answer(KindOf(e), null, 0);
        }

        EndpointTestAnswer Answer(string kind, int? status, int models) =>
            new(id, status is not null, kind, status, models, (long)time.GetElapsedTime(start).TotalMilliseconds);
    }

    private HttpRequestMessage Request(string url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url + "/v1/models");
        if (engine == Anthropic)
            request.Headers.Add("anthropic-version", AnthropicVersion);
        if (key is not null)
            request.Headers.TryAddWithoutValidation(engine == Anthropic ? "x-api-key" : "Authorization", engine == Anthropic ? key : $"Bearer {key}");
        return request;
    }

    private static string KindOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => EndpointTestKinds.Ok,
        >= 300 and < 400 => EndpointTestKinds.Redirect,
        401 or 403 => EndpointTestKinds.Unauthorized,
        _ => EndpointTestKinds.HttpError,
    };

    private static string KindOf(Exception e) => e switch
    {
        OperationCanceledException => EndpointTestKinds.Timeout,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => EndpointTestKinds.Dns,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => EndpointTestKinds.Tls,
        { InnerException: AddressRefusedException } => EndpointTestKinds.RefusedAddress,
        { InnerException: AuthenticationException } => EndpointTestKinds.Tls,
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery } } =>
            EndpointTestKinds.Dns,
        _ => EndpointTestKinds.Connect,
    };
}
