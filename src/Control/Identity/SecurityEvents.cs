using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity;

/// <summary>
/// Writes what happens to accounts into the audit trail: of the platform, and of the tenants that the user is a member of.
/// Who cannot be recorded does not get in; only a refusal stays one whether it was recorded or not.
/// </summary>
internal sealed class SecurityEvents(
    Database database, RefusalCounts counts, IHttpContextAccessor http, TimeProvider time, ILogger<SecurityEvents> logger)
{
    private const int MaxTenants = 20;
    private const string Unknown = "unknown";

    /// <param name="user">Null where nobody has the name that was given; what was given is not recorded.</param>
    /// <remarks>It does not end with the request: who hangs up is recorded too. Of refusals one after another, see <see cref="RefusalCounts"/>.</remarks>
    public Task RecordAsync(SecurityEvent what, Guid? user, string? about = null)
    {
        if (!what.IsRefusal)
            return WriteAsync(what, user, Details(about, 1));
        return counts.Add(what, user) is { } refusals ? RecordAsync(refusals, about) : Task.CompletedTask;
    }

    /// <summary>One row for all of them.</summary>
    public async Task RecordAsync(Refusals refusals, string? about = null)
    {
        try
        {
            await WriteAsync(refusals.What, refusals.User, Details(about, refusals.Count));
        }
        catch (Exception e)
        {
            counts.Return(refusals);
            Log.RefusalNotRecorded(logger, e, refusals.What.Action);
        }
    }

    private async Task WriteAsync(SecurityEvent what, Guid? user, JsonElement? details)
    {
        var now = time.GetUtcNow();
        var who = user?.ToString("D");
        await database.InPlatformAsync(
            async (db, ct) =>
            {
                var tenants = who is null
                    ? []
                    : await db.Memberships.Where(m => m.Principal == who && m.TenantId != TenantId.Platform)
                        .OrderBy(m => m.TenantId).Select(m => m.TenantId).Take(MaxTenants).ToListAsync(ct);
                foreach (var tenant in tenants.Prepend(TenantId.Platform))
                    db.AuditEvents.Add(Row(tenant, what, who, details, now));
                return await db.SaveChangesAsync(ct);
            },
            CancellationToken.None);
    }

    private static JsonElement? Details(string? about, int count)
    {
        var details = new Dictionary<string, object>();
        if (about is not null)
            details["about"] = about;
        if (count > 1)
            details["count"] = count;
        return details.Count > 0 ? JsonSerializer.SerializeToElement(details) : null;
    }

    private AuditEventRow Row(TenantId tenant, SecurityEvent what, string? who, JsonElement? details, DateTimeOffset now)
    {
        var client = ClientAddress.Of(http.HttpContext);
        return new()
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            At = now,
            Actor = who ?? Unknown,
            ActorKind = ActorKinds.User,
            Address = client.Address,
            UserAgent = client.UserAgent,
            Outcome = what.IsRefusal ? AuditOutcomes.Failed : AuditOutcomes.Success,
            Action = what.Action,
            Target = who ?? Unknown,
            Details = details,
        };
    }
}

/// <param name="Action">As the audit trail names it.</param>
/// <param name="IsRefusal">True where something was refused anyway.</param>
internal readonly record struct SecurityEvent(string Action, bool IsRefusal = false)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Of a refusal: how long after a row of a user further ones are only counted.</summary>
    public TimeSpan Quiet { get; private init; } = Minute;

    public static readonly SecurityEvent SignedIn = new("sign-in.succeeded");
    public static readonly SecurityEvent SignInFailed = new("sign-in.failed", IsRefusal: true);
    public static readonly SecurityEvent LockedOut = new("sign-in.locked-out", IsRefusal: true) { Quiet = Guesses.Lockout };
    public static readonly SecurityEvent SignedOut = new("sign-out");
    public static readonly SecurityEvent SessionsEnded = new("session.end");
    public static readonly SecurityEvent PasswordChanged = new("password.change");
    public static readonly SecurityEvent PasswordReset = new("password.reset");
    public static readonly SecurityEvent EmailConfirmed = new("email.confirm");
    public static readonly SecurityEvent TotpEnabled = new("totp.enable");
    public static readonly SecurityEvent TotpDisabled = new("totp.disable");
    public static readonly SecurityEvent RecoveryCodesMade = new("recovery-codes.create");
    public static readonly SecurityEvent PasskeyAdded = new("passkey.add");
    public static readonly SecurityEvent PasskeyRemoved = new("passkey.remove");
    public static readonly SecurityEvent RefreshTokenReused = new("refresh-token.reuse", IsRefusal: true);
}
