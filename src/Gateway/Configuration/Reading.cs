namespace Platform.Gateway.Configuration;

/// <summary>What became of a document.</summary>
/// <param name="Value">What is in force from now on: the document's, or where it has faults, the last good one made as strict as the document asks.</param>
/// <param name="Faults">All of them; empty for a good document.</param>
/// <param name="Stored">What to keep on disk in place of the document; null: the document itself, or where it has faults, what is there already.</param>
internal sealed record Reading<T>(T? Value, IReadOnlyList<string> Faults, byte[]? Stored = null)
    where T : class
{
    public static Reading<T> Good(T value) => new(value, []);
}
