using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Metering;
using Platform.Gateway.ModelList;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Chat;

/// <summary>
/// <c>POST /v1/chat/completions</c>: who calls, before a byte of the body is read; then the body, the model, and off it
/// goes. What is refused here was never dispatched and leaves no record.
/// </summary>
internal sealed class ChatEndpoint(
    KeyAuthenticator authenticator, JournalSpace journal, BodyReader bodies, Dispatcher dispatcher, GatewayMetrics metrics)
{
    public async Task HandleAsync(HttpContext context)
    {
        using var body = bodies.NewBuffer(context.Request);
        var (exchange, error) = await AcceptAsync(context, body);
        if (exchange is null)
        {
            metrics.Rejected(error!.Reason, error.Code ?? "");
            await ApiErrorWriter.WriteAsync(context, error);
            return;
        }
        metrics.Started();
        try
        {
            await dispatcher.DispatchAsync(exchange);
        }
        finally
        {
            metrics.Ended();
        }
    }

    private async Task<Result<Exchange>> AcceptAsync(HttpContext context, PooledBuffer body)
    {
        var (caller, refused) = authenticator.Authenticate(context.Request);
        if (caller is null)
            return refused!;
        if (journal.IsFull)
            return ApiErrors.JournalFull;
        if (await bodies.ReadAsync(context.Request, body) is { } unread)
            return unread;
        var (request, invalid) = ChatRequestReader.Read(body.Written.Span);
        if (request is null)
            return invalid!;
        return VisibleModels.Resolve(caller, request.Model) is { } model
            ? new Exchange(context, caller, request, body.Written, model)
            : ApiErrors.ModelNotFound(request.Model);
    }
}
