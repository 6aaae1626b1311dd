using Microsoft.Net.Http.Headers;

namespace Platform.Gateway.Requests;

/// <summary>The forms in which an operation takes its request.</summary>
[Flags]
internal enum BodyKinds
{
    /// <summary><c>application/json</c>.</summary>
    Json = 1,

    /// <summary><c>multipart/form-data</c> (RFC 7578).</summary>
    Form = 2,
}

/// <summary>What a request's head says of its body.</summary>
/// <param name="Boundary">Of a form; may be none that a form can have.</param>
internal readonly record struct BodyHead(BodyKinds Kind, string? Boundary)
{
    private const string FormType = "multipart/form-data";

    /// <summary>Null where the body is of a kind that is not taken.</summary>
    public static BodyHead? Of(HttpRequest request, BodyKinds taken)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            return null;
        if (taken.HasFlag(BodyKinds.Json) && request.HasJsonContentType())
            return new(BodyKinds.Json, null);
        if (!taken.HasFlag(BodyKinds.Form) || request.Headers.ContentType.Count != 1
            || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase))
            return null;
        return new(BodyKinds.Form, HasOneBoundary(type) ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString() : null);
    }

    /// <summary>And none in an extended notation (RFC 2231), which some read as one.</summary>
    private static bool HasOneBoundary(MediaTypeHeaderValue type) =>
        type.Parameters.Where(p => p.Name.StartsWith("boundary", StringComparison.OrdinalIgnoreCase)).Take(2).ToList() is [var only]
        && only.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase);
}
