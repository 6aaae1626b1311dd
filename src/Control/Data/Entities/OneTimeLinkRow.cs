namespace Platform.Control.Data.Entities;

/// <summary>The link of a purpose that was last mailed to a user; deleted by its use.</summary>
internal sealed class OneTimeLinkRow
{
    /// <summary>SHA-256 of the 32 random bytes in the link.</summary>
    public required byte[] Hash { get; init; }

    public Guid UserId { get; init; }

    /// <summary>One of <see cref="Identity.Accounts.LinkPurposes"/>.</summary>
    public required string Purpose { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Mails of the purpose since <see cref="AskedSince"/>, which is at most a day ago when one is added.</summary>
    public int Asked { get; init; }

    public DateTimeOffset AskedSince { get; init; }
}
