using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>What a translation could not bring over: the first reason to refuse it, and what it left out.</summary>
internal sealed class Findings
{
    public const string Header = "x-gateway-dropped";

    private const int MaxNames = 40;
    private const int MaxNameLength = 80;
    private const int MaxHeaderLength = 1024;

    private readonly List<string> _dropped = [];

    public ApiError? Error { get; private set; }

    /// <summary>Paths of fields, each once, in the order in which they were met.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>The first fault is the one to tell.</summary>
    public void Refuse(ApiError error) => Error ??= error;

    /// <param name="path">May hold a name of the caller's own making.</param>
    public void Drop(string path)
    {
        var name = path.Length <= MaxNameLength ? path : path[..MaxNameLength];
        if (_dropped.Count < MaxNames && !_dropped.Contains(name))
            _dropped.Add(name);
        else if (_dropped.Count == MaxNames && !_dropped.Contains(name))
            _dropped.Add("...");
    }

    /// <summary>A value for the header; null where nothing was left out.</summary>
    public string? ToHeader()
    {
        if (_dropped.Count == 0)
            return null;
        var text = string.Join(',', _dropped.Select(Printable));
        return text.Length <= MaxHeaderLength ? text : string.Concat(text.AsSpan(0, text.LastIndexOf(',', MaxHeaderLength - 5)), ",...");
    }

    /// <summary>Beside what the header names already.</summary>
    public void AddTo(HttpResponse response)
    {
        if (ToHeader() is { } names)
            response.Headers[Header] = response.Headers.TryGetValue(Header, out var before) ? $"{before},{names}" : names;
    }

    private static string Printable(string name) =>
        string.Create(name.Length, name, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
                to[i] = char.IsAsciiLetterOrDigit(from[i]) || "._-[]".Contains(from[i], StringComparison.Ordinal) ? from[i] : '_';
        });
}
