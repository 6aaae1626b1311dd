namespace Platform.Local.Processes;

/// <summary>How to start a program that outlives its starter.</summary>
/// <param name="Name">Unique in its home; its log is <c>NAME.log</c>.</param>
/// <param name="Command">The program and its arguments; never a secret, for everyone can read them.</param>
/// <param name="Environment">Added to the starter's own.</param>
/// <param name="ReadyUrl">Answers 200 when it is up; null when the caller finds out by itself.</param>
public sealed record ProcessSpec(
    string Name,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    Uri? ReadyUrl = null,
    string? WorkingDirectory = null,
    UnprivilegedUser? User = null);
