using System.Text.Json.Serialization;
using Platform.Contracts.Api;

namespace Platform.Portal.ControlApi;

/// <summary>Why a call to Control gave nothing: its problem details (RFC 9457), or what the portal says in its place.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/> or of <see cref="PortalProblemCodes"/>.</param>
/// <param name="Title">One sentence for the user.</param>
/// <param name="Errors">Faults by field of the request.</param>
public sealed record ControlProblem(string Code, string Title, string? Detail = null, IReadOnlyDictionary<string, string[]>? Errors = null)
{
    /// <summary>Nothing where the user may not see it: for what a page can do without.</summary>
    public ControlProblem? UnlessForbidden => Code is ProblemCodes.Forbidden ? null : this;

    /// <summary>The faults of one field as one text, whatever its letter case; null where it has none.</summary>
    public string? ErrorOf(string field)
    {
        var faults = Errors?.FirstOrDefault(e => e.Key.Equals(field, StringComparison.OrdinalIgnoreCase)).Value;
        return faults is { Length: > 0 } ? string.Join(' ', faults) : null;
    }

    /// <summary>Every fault that belongs to none of these fields, so that none is lost.</summary>
    public IEnumerable<string> ErrorsBeside(params string[] fields) =>
        (Errors ?? new Dictionary<string, string[]>())
            .Where(e => !fields.Contains(e.Key, StringComparer.OrdinalIgnoreCase))
            .SelectMany(e => e.Value.Select(fault => e.Key.Length == 0 ? fault : $"{e.Key}: {fault}"));
}

/// <summary>The wire's shape, RFC 9457 with <c>code</c> and <c>errors</c>.</summary>
internal sealed record ProblemDocument(
    [property: JsonPropertyName("code")] string? Code,
    [property: JsonPropertyName("title")] string? Title,
    [property: JsonPropertyName("detail")] string? Detail,
    [property: JsonPropertyName("errors")] Dictionary<string, string[]>? Errors);
