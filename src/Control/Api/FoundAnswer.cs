using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Platform.Contracts.Api;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>A resource with its ETag; 304 where the caller has that version already; 404 where it is null.</summary>
/// <param name="thing">What it is called in the 404: <c>project</c>.</param>
internal sealed class FoundAnswer<T>(T? value, string thing) : IResult, IEndpointMetadataProvider
    where T : class
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (value is null)
            return Failure.NotFound(thing).ToProblem().ExecuteAsync(httpContext);
        if (value is IVersioned versioned)
        {
            var tag = ETags.Of(versioned.Version);
            httpContext.Response.Headers.ETag = tag;
            if (httpContext.Request.Headers.IfNoneMatch.Contains(tag))
                return TypedResults.StatusCode(StatusCodes.Status304NotModified).ExecuteAsync(httpContext);
        }
        return TypedResults.Ok(value).ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status404NotFound, typeof(Microsoft.AspNetCore.Mvc.ProblemDetails), ["application/problem+json"]));
    }
}
