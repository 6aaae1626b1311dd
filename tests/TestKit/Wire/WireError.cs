namespace Platform.TestKit.Wire;

/// <summary>A refusal in a dialect's own shape.</summary>
public sealed record WireError(int Status, byte[] Body)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
