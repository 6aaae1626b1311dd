using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>
/// What a write answers: the resource with its ETag (<typeparamref name="TKind"/> says with which status), the preview
/// of a dry run, or the problem. A replay says so in <c>Idempotency-Replayed</c>.
/// </summary>
internal sealed class WriteAnswer<T, TKind>(Written<T> written, Func<T, string>? location = null) : IResult, IEndpointMetadataProvider
    where TKind : IWriteKind
{
    public const string ReplayedHeader = "Idempotency-Replayed";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (written.Failed)
        {
            // Refused by the endpoint itself, which knows more than the right: in the trail as other refusals are.
            if (written.Failure.Status == StatusCodes.Status403Forbidden)
                httpContext.RequestServices.GetRequiredService<Denials>().Add(httpContext, written.Failure.Code);
            if (written.Failure.RetryAfter is { } wait)
                httpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return written.Failure.ToProblem().ExecuteAsync(httpContext);
        }
        var (response, value) = (httpContext.Response, written.Value);
        if (written.Preview is { } preview)
            return TypedResults.Ok(new DryRunAnswer<T>(Tried(value), Previews.Blotted(preview))).ExecuteAsync(httpContext);
        if (written.IsReplay)
            response.Headers[ReplayedHeader] = "true";
        if (TKind.Status == StatusCodes.Status204NoContent)
            return TypedResults.NoContent().ExecuteAsync(httpContext);
        if (value is IVersioned versioned)
            response.Headers.ETag = ETags.Of(versioned.Version);
        if (location is not null)
            response.Headers.Location = location(value);
        return TypedResults.Json(value, statusCode: TKind.Status).ExecuteAsync(httpContext);
    }

    private static T? Tried(T value) =>
        TKind.Status == StatusCodes.Status204NoContent ? default
        : value is ISecretAnswer secret ? (T)secret.WithoutSecret(replayed: false)
        : value;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        string[] json = ["application/json"];
        builder.Metadata.Add(TKind.Status == StatusCodes.Status204NoContent
            ? new ProducesResponseTypeMetadata(TKind.Status)
            : new ProducesResponseTypeMetadata(TKind.Status, typeof(T), json));
        if (TKind.Status != StatusCodes.Status200OK)
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(DryRunAnswer<T>), json));
        foreach (var status in TKind.Problems)
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
    }
}

internal interface IWriteKind
{
    static abstract int Status { get; }

    static abstract int[] Problems { get; }
}

/// <summary>201.</summary>
internal sealed class Creates : IWriteKind
{
    public static int Status => StatusCodes.Status201Created;

    public static int[] Problems => [StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity];
}

/// <summary>200.</summary>
internal sealed class Changes : IWriteKind
{
    public static int Status => StatusCodes.Status200OK;

    public static int[] Problems =>
    [
        StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed,
        StatusCodes.Status422UnprocessableEntity, StatusCodes.Status428PreconditionRequired,
    ];
}

/// <summary>204.</summary>
internal sealed class Deletes : IWriteKind
{
    public static int Status => StatusCodes.Status204NoContent;

    public static int[] Problems => [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed];
}

internal static class WriteAnswers
{
    /// <param name="location">The path of the new resource.</param>
    public static WriteAnswer<T, Creates> ToCreated<T>(this Written<T> written, Func<T, string> location) => new(written, location);

    public static WriteAnswer<T, Changes> ToChanged<T>(this Written<T> written) => new(written);

    public static WriteAnswer<T, Deletes> ToDeleted<T>(this Written<T> written) => new(written);
}
