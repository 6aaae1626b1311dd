using Platform.Contracts.Ids;

namespace Platform.Gateway.Errors;

internal static class ErrorsFeature
{
    /// <summary>Whoever asks here, or below, reads Anthropic's errors.</summary>
    private const string AnthropicPath = "/v1/messages";

    private const string ResponsesPath = "/v1/responses";

    /// <summary>
    /// Gives every request its id and answers what no endpoint answered: surprises, broken requests and unknown URLs, all
    /// in the caller's error shape and without the text of any exception.
    /// </summary>
    public static void UseApiErrors(this WebApplication app)
    {
        var time = app.Services.GetRequiredService<TimeProvider>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorsFeature).FullName!);
        app.Use((context, next) => GuardAsync(context, next, time, logger));
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next, TimeProvider time, ILogger logger)
    {
        var arrival = new Arrival(RequestId.New(), time.GetUtcNow(), time.GetTimestamp());
        context.Features.Set(arrival);
        if (context.Request.Path.StartsWithSegments(AnthropicPath))
            context.Features.Set<ErrorShape>(AnthropicErrors.Shape);
        else if (context.Request.Path.StartsWithSegments(ResponsesPath))
            context.Features.Set<ErrorShape>(ResponsesErrors.Shape);
        context.Response.Headers[Arrival.Header] = arrival.Id.ToString();
        try
        {
            await next(context);
            if (context.Response.StatusCode == StatusCodes.Status404NotFound)
                await ApiErrorWriter.WriteAsync(context, ApiErrors.UnknownUrl(context.Request.Method, context.Request.Path));
            else if (context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
                await ApiErrorWriter.WriteAsync(context, ApiErrors.MethodNotAllowed);
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
            Log.Unexpected(logger, e, arrival.Id);
            if (context.Response.HasStarted)
                context.Abort();
            else
                await ApiErrorWriter.WriteAsync(context, ApiErrors.Internal);
        }
    }
}
