using Platform.Gateway.Edge;

namespace Platform.Gateway.Errors;

internal static class ApiErrorWriter
{
    public const string ReasonHeader = AnswerHeaders.Reason;

    /// <summary>Answers with the error, unless the answer has begun.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        if (response.HasStarted)
            return;
        context.Features.Set(error);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        AnswerHeaders.Put(response.Headers, error);
        var body = ErrorShape.Of(context).Body(error, Arrival.Of(context).Id);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
