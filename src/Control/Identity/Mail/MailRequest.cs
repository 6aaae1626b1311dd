namespace Platform.Control.Identity.Mail;

/// <summary>A mail that somebody asked for; whether there is anybody to send it to is found out later.</summary>
internal abstract record MailRequest
{
    /// <summary>Somebody wrote this address into the form for a forgotten password.</summary>
    public sealed record Help(string Address) : MailRequest;

    /// <summary>A user is new and has to confirm the address.</summary>
    public sealed record Confirmation(Guid UserId) : MailRequest;

    /// <summary>
    /// Somebody has no account for the address, they say: they have a link of an invitation that was not mailed, or want a
    /// tenant. Afterwards they go on at the path; null to just sign in.
    /// </summary>
    public sealed record NewAccount(string Address, string? ReturnPath) : MailRequest;

    /// <summary>Somebody is invited to a tenant; the link is the only copy of its secret, which proves the address.</summary>
    public sealed record Invitation(string Address, string TenantName, Uri Link, DateTimeOffset ExpiresAt) : MailRequest;

    /// <summary>Something about a user's credentials changed; they should know in case it was not them.</summary>
    /// <param name="More">A sentence after it; null for none.</param>
    public sealed record Notice(Guid UserId, string What, string? More = null) : MailRequest;
}
