using Platform.Contracts.Api;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>Collects everything that is wrong with a request, so that the caller hears of all of it at once.</summary>
internal sealed class Faults
{
    private readonly Dictionary<string, List<string>> _byPath = [];
    private readonly HashSet<string> _codes = [];

    public bool Any => _byPath.Count > 0;

    /// <param name="path">As in JSON: <c>targets[0].poolId</c>.</param>
    /// <param name="message">A sentence for the caller.</param>
    /// <param name="code">One of <see cref="ProblemCodes"/>; answered where all faults are of one code.</param>
    public void Add(string path, string message, string code = ProblemCodes.ValidationFailed)
    {
        if (!_byPath.TryGetValue(path, out var messages))
            _byPath[path] = messages = [];
        messages.Add(message);
        _codes.Add(code);
    }

    /// <summary>422 with every fault by its path.</summary>
    public Failure ToFailure() => new(
        StatusCodes.Status422UnprocessableEntity,
        _codes is { Count: 1 } ? _codes.Single() : ProblemCodes.ValidationFailed,
        string.Join(' ', _byPath.SelectMany(f => f.Value.Select(m => $"{f.Key}: {m}"))))
    {
        Errors = _byPath.ToDictionary(f => f.Key, f => f.Value.ToArray()),
    };
}
