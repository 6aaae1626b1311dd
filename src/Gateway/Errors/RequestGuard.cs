using Microsoft.AspNetCore.Http.Features;
using Platform.Contracts.Ids;
using Platform.Gateway.Edge;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Errors;

/// <summary>Around every request: what is there before an endpoint looks at it, and what answers where none did.</summary>
internal sealed class RequestGuard(AnswerHeaders answers, Strangers strangers, TimeProvider time, ILogger<RequestGuard> logger)
{
    /// <summary>Whoever asks here, or below, reads Anthropic's errors.</summary>
    private const string AnthropicPath = "/v1/messages";

    private const string ResponsesPath = "/v1/responses";

    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var arrival = Arrive(context);
        try
        {
            if (HeadChecks.Find(context.Request) is { } ambiguous)
                await ApiErrorWriter.WriteAsync(context, ambiguous);
            else
                await next(context);
            await AnswerUnansweredAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            var error = e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiErrors.BodyTooLarge : ApiErrors.BodyBroken;
            await ApiErrorWriter.WriteAsync(context, error);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            Log.CallerLeft(logger, arrival.Id);
        }
        catch (Exception e)
        {
            Log.Unexpected(logger, e, arrival.Id, arrival.CallerRequestId);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await ApiErrorWriter.WriteAsync(context, ApiErrors.Internal);
        }
    }

    private Arrival Arrive(HttpContext context)
    {
        var now = time.GetUtcNow();
        var arrival = new Arrival(RequestId.New(now), now, time.GetTimestamp()) { CallerRequestId = Arrival.CallerRequestIdOf(context.Request) };
        context.Features.Set(arrival);
        if (context.Request.Path.StartsWithSegments(AnthropicPath))
            context.Features.Set<ErrorShape>(AnthropicErrors.Shape);
        else if (context.Request.Path.StartsWithSegments(ResponsesPath))
            context.Features.Set<ErrorShape>(ResponsesErrors.Shape);
        if (arrival.CallerRequestId is { } link)
            context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag(TelemetryNames.CallerRequestId, link);
        Strangers.Greet(context);
        answers.Await(context);
        return arrival;
    }

    private async Task AnswerUnansweredAsync(HttpContext context)
    {
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status401Unauthorized:
                strangers.Refused();
                break;
            case StatusCodes.Status404NotFound:
                await ApiErrorWriter.WriteAsync(context, ApiErrors.UnknownUrl(context.Request.Method, context.Request.Path));
                break;
            case StatusCodes.Status405MethodNotAllowed:
                await ApiErrorWriter.WriteAsync(context, ApiErrors.MethodNotAllowed);
                break;
        }
    }
}
