using System.Text.Json;

namespace Platform.GpuWorker.Api;

/// <summary>A request's body as JSON, or what is wrong with it.</summary>
internal sealed class RequestBody : IDisposable
{
    private readonly JsonDocument? _document;

    private RequestBody(JsonDocument? document, ApiError? fault) => (_document, Fault) = (document, fault);

    public JsonElement? Root => _document?.RootElement;

    public ApiError? Fault { get; }

    public static async Task<RequestBody> ReadAsync(HttpContext context)
    {
        try
        {
            return new(await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted), null);
        }
        catch (JsonException)
        {
            return new(null, ApiError.NotJson);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new(null, ApiError.TooLarge);
        }
    }

    public void Dispose() => _document?.Dispose();
}
