using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.AccessLog;

/// <summary>
/// Writes a line for each request that was answered or given up. It tells nothing that a caller wrote, but the id that it gave the request: of the path the
/// template, of the method those that are known, of the model the configured name.
/// </summary>
internal sealed class AccessLogger : IDisposable
{
    /// <summary>Set levels by this name.</summary>
    public const string Category = "Platform.Gateway.AccessLog";

    private readonly AccessLogSettings _settings;
    private readonly ClientAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LineBudget? _known;
    private readonly LineBudget _strangers;

    public AccessLogger(AccessLogSettings settings, ClientAddresses addresses, TimeProvider time, ILoggerFactory loggers)
    {
        (_settings, _addresses, _time, _logger) = (settings, addresses, time, loggers.CreateLogger(Category));
        _known = settings.MaxPerSecond == 0 ? null : new(settings.MaxPerSecond, time, count => Log.KnownLeftOut(_logger, count));
        _strangers = new(settings.MaxStrangersPerSecond, time, count => Log.StrangersLeftOut(_logger, count));
    }

    public void Write(HttpContext context)
    {
        if (!_logger.IsEnabled(LogLevel.Information))
            return;
        var caller = context.Features.Get<Caller>();
        if ((caller is null ? _strangers : _known)?.TryTake() == false)
            return;
        var arrival = context.Features.Get<Arrival>();
        var exchange = context.Features.Get<Exchange>();
        var record = exchange?.Record;
        Log.Request(
            _logger, arrival?.Id, arrival?.CallerRequestId, MethodOf(context.Request), RouteOf(context), record?.Status ?? StatusOf(context),
            record?.ErrorCode ?? context.Features.Get<ApiError>()?.Code, caller?.Tenant.Slug, caller?.KeyId, exchange?.Model.Name.Value,
            record?.PoolId, record?.EndpointId, exchange?.Operation.Name, exchange?.Facts.Streamed, record?.InputTokens, record?.OutputTokens,
            record?.UsageSource, exchange?.Tries ?? 0, record?.QueueMs, record?.FirstTokenMs, Elapsed(arrival), BytesOf(context, exchange),
            CallerAddress.Of(_settings.Addresses == AddressForm.None ? null : _addresses.Of(context), _settings.Addresses));
    }

    public void Dispose()
    {
        _known?.Dispose();
        _strangers.Dispose();
    }

    private static string MethodOf(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) ? HttpMethods.Post
        : HttpMethods.IsGet(request.Method) ? HttpMethods.Get
        : HttpMethods.IsHead(request.Method) ? HttpMethods.Head
        : HttpMethods.IsOptions(request.Method) ? HttpMethods.Options
        : HttpMethods.IsPut(request.Method) ? HttpMethods.Put
        : HttpMethods.IsPatch(request.Method) ? HttpMethods.Patch
        : HttpMethods.IsDelete(request.Method) ? HttpMethods.Delete
        : "_OTHER";

    private static string? RouteOf(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;

    private static int StatusOf(HttpContext context) =>
        context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode;

    private static long BytesOf(HttpContext context, Exchange? exchange) =>
        exchange is { BytesOut: > 0 and var bytes } ? bytes : context.Response.HasStarted ? context.Response.ContentLength ?? 0 : 0;

    private double? Elapsed(Arrival? arrival) => arrival is null ? null : _time.GetElapsedTime(arrival.Timestamp).TotalMilliseconds;
}
