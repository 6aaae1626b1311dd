using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Platform.Contracts.Api;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>
/// PostgreSQL keeps no U+0000 in a text. A body that brings one is refused before anything is done with it, by the path
/// of each text; it can only come as an escape, because JSON has no control characters in the clear.
/// </summary>
internal sealed class StorableTexts
{
    private const string Fault = "must not hold the character U+0000.";

    private static readonly StorableTexts Metadata = new();

    /// <summary>The caller's rights were read before the body: they are not to be old when it is acted on.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly Failure TooSlow = new(StatusCodes.Status408RequestTimeout, ProblemCodes.RequestTimeout, "The body did not come within 10 seconds.");

    /// <summary>The endpoints whose bodies are looked at.</summary>
    public static void Mark(RouteGroupBuilder group) => group.WithMetadata(Metadata);

    /// <summary>After authorization: a stranger's body is not read.</summary>
    public static async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (http.GetEndpoint()?.Metadata is not { } metadata || metadata.GetMetadata<StorableTexts>() is null
            || metadata.GetMetadata<IAcceptsMetadata>() is null || !request.HasJsonContentType())
        {
            await next(http);
            return;
        }
        if (await ReadAsync(http) is not { } body)
        {
            await TooSlow.ToProblem().ExecuteAsync(http);
            return;
        }
        if (PathsOf(body.GetBuffer().AsSpan(0, (int)body.Length)) is { Count: > 0 } paths)
        {
            await Refusal(paths).ToProblem().ExecuteAsync(http);
            return;
        }
        body.Position = 0;
        request.Body = body;
        await next(http);
    }

    /// <summary>Null where it did not come in time.</summary>
    private static async Task<MemoryStream?> ReadAsync(HttpContext http)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        deadline.CancelAfter(Deadline);
        var body = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(body, deadline.Token);
            return body;
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    private static Failure Refusal(IEnumerable<string> paths) =>
        new(StatusCodes.Status400BadRequest, ProblemCodes.ValidationFailed, "A text holds the character U+0000: it cannot be stored.")
        {
            Errors = paths.ToDictionary(p => p, _ => new[] { Fault }),
        };

    /// <summary>The paths of texts, and of objects with a name, that hold it; none of what is no JSON.</summary>
    private static HashSet<string> PathsOf(ReadOnlySpan<byte> json)
    {
        var paths = new HashSet<string>();
        if (json.IndexOf("\\u0000"u8) < 0)
            return paths;
        var place = new JsonPlace();
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                place.Enter(ref reader);
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                    && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                    paths.Add(reader.TokenType is JsonTokenType.String ? place.Path : place.PathOfContainer);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Whoever reads the body says what is wrong with it.
            paths.Clear();
        }
        return paths;
    }

    /// <summary>Where in a document a reader is.</summary>
    private sealed class JsonPlace
    {
        private const string Root = "$";

        /// <summary>Each container that is open: an object with the member that was read last, or an array with its index.</summary>
        private readonly List<(string? Member, int Index)> _open = [];

        public string Path => Of(_open.Count);

        /// <summary>Of the object that a name is in.</summary>
        public string PathOfContainer => Of(_open.Count - 1);

        public void Enter(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    _open[^1] = (reader.GetString(), 0);
                    return;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    _open.RemoveAt(_open.Count - 1);
                    return;
            }
            if (_open is [.., (null, var index)])
                _open[^1] = (null, index + 1);
            if (reader.TokenType is JsonTokenType.StartArray)
                _open.Add((null, -1));
            else if (reader.TokenType is JsonTokenType.StartObject)
                _open.Add(("", 0));
        }

        private string Of(int depth)
        {
            var path = string.Concat(_open.Take(depth).Select(c => c.Member is { } member ? $".{member}" : $"[{c.Index}]"));
            return path.Length == 0 ? Root : path.TrimStart('.');
        }
    }
}
