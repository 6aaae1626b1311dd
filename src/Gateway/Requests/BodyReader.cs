using System.Buffers;
using Platform.Contracts.Ids;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>Reads a request's body whole, within its bound and its time.</summary>
internal sealed class BodyReader(LimitsSettings limits, TenantBuffers buffers, TimeProvider time)
{
    /// <param name="head">Null where the body will not be read.</param>
    /// <param name="tenant">Null where nobody knows, and nothing will be read.</param>
    public PooledBuffer NewBuffer(HttpRequest request, BodyHead? head, TenantId? tenant) =>
        new(buffers.Of(tenant), IsForm(head) ? limits.MaxFormBytes : limits.MaxBodyBytes, request.ContentLength + 1 ?? 0);

    /// <summary>Null when the body is in the buffer.</summary>
    public async Task<ApiError?> ReadAsync(HttpRequest request, BodyHead head, PooledBuffer buffer)
    {
        var error = await ReadAsync(request, buffer, TimeSpan.FromSeconds(IsForm(head) ? limits.FormSeconds : limits.BodySeconds));
        return IsForm(head) && ReferenceEquals(error, ApiErrors.BodyTooLarge) ? FormErrors.TooLarge : error;
    }

    private static bool IsForm(BodyHead? head) => head?.Kind == BodyKinds.Form;

    private async Task<ApiError?> ReadAsync(HttpRequest request, PooledBuffer buffer, TimeSpan limit)
    {
        if (request.ContentLength > buffer.MaxBytes)
            return ApiErrors.BodyTooLarge;
        if (HasCome(request, buffer))
            return null;
        using var deadline = new CancellationTokenSource(limit, time);
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
