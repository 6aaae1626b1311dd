using Platform.Gateway.Authentication;
using Platform.Gateway.Edge;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Idempotency;
using Platform.Gateway.Metering;
using Platform.Gateway.ModelList;
using Platform.Gateway.Prompts;
using Platform.Gateway.Requests;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Api;

/// <summary>
/// Takes every operation in: who calls, before a byte of the body is read; then the body, the model, and off it goes. What is refused here was never dispatched and leaves no record.
/// </summary>
internal sealed class ApiEndpoint(
    Admission admission, JournalSpace journal, BodyReader bodies, RequestPolicies policies, IdempotencyGate answers, GatewayMetrics metrics)
{
    public async Task HandleAsync(HttpContext context, Operation operation)
    {
        var (visit, refused) = admission.Admit(context);
        using var place = visit;
        var head = BodyHead.Of(context.Request, operation.Bodies);
        using var body = bodies.NewBuffer(context.Request, head, visit?.Caller.Tenant.Id);
        var (exchange, error) = visit is null ? refused! : await AcceptAsync(context, visit.Caller, operation, head, body);
        if (exchange is null)
        {
            metrics.Rejected(error!.Reason, error.Code ?? "", context.Features.Get<Caller>()?.Tenant.Slug);
            await ApiErrorWriter.WriteAsync(context, error);
            return;
        }
        context.Features.Set(exchange);
        metrics.Started();
        try
        {
            await answers.AnswerAsync(exchange);
        }
        finally
        {
            exchange.Quotas?.End();
            metrics.Ended();
        }
    }

    private async Task<Result<Exchange>> AcceptAsync(HttpContext context, Caller caller, Operation operation, BodyHead? sort, PooledBuffer body)
    {
        if (journal.IsFull)
            return ApiErrors.JournalFull;
        if (sort is not { } head)
            return operation.Bodies == BodyKinds.Json ? ApiErrors.NotJsonType : FormErrors.WrongType(operation.Bodies);
        if (await bodies.ReadAsync(context.Request, head, body) is { } unread)
            return unread;
        var (facts, invalid) = head.Kind == BodyKinds.Form ? operation.ReadForm(body.Written, head.Boundary) : operation.Read(body.Written);
        if (facts is null)
            return invalid!;
        if (VisibleModels.Resolve(caller, facts.Model) is not { } model)
            return ApiErrors.ModelNotFound(facts.Model);
        if (ContextWindows.Refusal(operation.Name, facts, body.Written.Span, model) is { } tooLong)
            return tooLong;
        return RequestRoute.Serves(new(caller.Snapshot, caller.Tenant, operation.Name), model)
            ? new Exchange(context, caller, operation, facts, body.Written, model) { Policy = policies.Of(caller.Tenant, model), Buffers = body.Budget }
            : ApiErrors.NotServed(facts.Model, context.Request.Path);
    }
}
