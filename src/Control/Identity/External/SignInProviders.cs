using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.Identity.External;

/// <summary>Providers that somebody can sign in by: enabled, the domain verified, the tenant not closed.</summary>
internal sealed class SignInProviders(Database database)
{
    private const int MaxAddress = 256;

    public Task<IdentityProviderRow?> FindAsync(Guid id, CancellationToken ct) =>
        database.InPlatformAsync((db, token) => Usable(db).SingleOrDefaultAsync(p => p.Id == id, token), ct);

    /// <summary>The provider of an e-mail address's domain.</summary>
    public async Task<IdentityProviderRow?> FindByAddressAsync(string? email, CancellationToken ct) =>
        DomainOf(email) is { } domain
            ? await database.InPlatformAsync((db, token) => Usable(db).FirstOrDefaultAsync(p => p.Domain == domain, token), ct)
            : null;

    /// <summary>What follows the last @, in lower case; null where that is no address.</summary>
    public static string? DomainOf(string? email)
    {
        if (email is not { Length: > 2 and <= MaxAddress } || email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return null;
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == email.LastIndexOf('@') && at < email.Length - 1 ? email[(at + 1)..].ToLowerInvariant() : null;
    }

    private static IQueryable<IdentityProviderRow> Usable(ControlDb db) =>
        db.IdentityProviders.AsNoTracking().Where(p => p.Enabled && p.DomainVerifiedAt != null && db.Tenants.Any(t => t.Id == p.TenantId && t.ClosedAt == null));
}
