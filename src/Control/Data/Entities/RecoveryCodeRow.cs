namespace Platform.Control.Data.Entities;

/// <summary>A code that takes the authenticator app's place once; deleted by its use.</summary>
internal sealed class RecoveryCodeRow
{
    public Guid UserId { get; init; }

    /// <summary>SHA-256 of the code's 80 random bits.</summary>
    public required byte[] Hash { get; init; }
}
