namespace Platform.Contracts.Configuration;

/// <summary>
/// A document that versions one back and one forth must read: unknown members are ignored, unless
/// <see cref="Critical"/> names them, and then the reader must refuse the document. A list that an older writer did not
/// know is empty: the generated reader assigns every member, so such a list takes null as empty.
/// </summary>
public abstract record WireDocument
{
    /// <summary>Members (as written, camelCase) that a reader has to understand.</summary>
    public IReadOnlyList<string>? Critical { get; init; }
}
