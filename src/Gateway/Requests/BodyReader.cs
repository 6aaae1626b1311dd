using System.Buffers;
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
        if (HasCome(request, buffer))
            return null;
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

    /// <summary>Takes a body that came whole with its head, as most do: it needs no clock.</summary>
    private static bool HasCome(HttpRequest request, PooledBuffer buffer)
    {
        if (request.ContentLength is not { } length || !request.BodyReader.TryRead(out var read))
            return false;
        if (read.Buffer.Length < length || !buffer.TryGetSpace(out var space) || space.Length < length)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return false;
        }
        read.Buffer.CopyTo(space.Span);
        buffer.Advance((int)length);
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return true;
    }
}
