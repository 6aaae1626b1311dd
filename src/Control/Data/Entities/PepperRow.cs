namespace Platform.Control.Data.Entities;

/// <summary>A pepper of API key hashes; the newest hashes new keys.</summary>
internal sealed class PepperRow
{
    public required string Id { get; init; }

    /// <summary>32 bytes, sealed with the master key; context: <see cref="ContextOf"/>.</summary>
    public required byte[] Sealed { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public static string ContextOf(string id) => $"pepper\n{id}";
}
