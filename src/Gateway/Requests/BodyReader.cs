using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>Reads a request's body whole, within its bound and its time.</summary>
internal sealed class BodyReader(LimitsSettings limits, BufferBudget budget, TimeProvider time)
{
    public PooledBuffer NewBuffer(HttpRequest request) => new(budget, limits.MaxBodyBytes, request.ContentLength + 1 ?? 0);

    /// <summary>Null when the body is in the buffer.</summary>
    public async Task<ApiError?> ReadAsync(HttpRequest request, PooledBuffer buffer)
    {
        if (!request.HasJsonContentType() || request.Headers.ContentEncoding.Count > 0)
            return ApiErrors.NotJsonType;
        if (request.ContentLength > limits.MaxBodyBytes)
            return ApiErrors.BodyTooLarge;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(limits.BodySeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, request.HttpContext.RequestAborted);
        try
        {
            while (buffer.TryGetSpace(out var space))
            {
                var read = await request.Body.ReadAsync(space, either.Token);
                if (read == 0)
                    return null;
                buffer.Advance(read);
                if (buffer.IsOverBound)
                    return ApiErrors.BodyTooLarge;
            }
            return ApiErrors.Overloaded;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return ApiErrors.BodyTooSlow;
        }
        catch (BadHttpRequestException e)
        {
            return e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ApiErrors.BodyTooLarge,
                StatusCodes.Status408RequestTimeout => ApiErrors.BodyTooSlow,
                _ => ApiErrors.BodyBroken,
            };
        }
    }
}
