using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Audit;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Identity.Accounts;

namespace Platform.Control.Identity;

/// <summary>
/// Writes what happens to accounts into the audit trail: of the platform, and of the tenants that the user is a member of.
/// What a tenant's program does stands in that tenant's; of every other program in the platform's. Who cannot be recorded
/// does not get in; only a refusal stays one whether it was recorded or not.
/// </summary>
internal sealed class SecurityEvents(
    Database database, RefusalCounts counts, IHttpContextAccessor http, TimeProvider time, ILogger<SecurityEvents> logger)
{
    private const int MaxTenants = 20;
    private const string Unknown = "unknown";

    /// <param name="user">
    /// The user, or the client's row in the authority; null where nobody has the name that was given, which is not recorded.
    /// </param>
    /// <param name="provider">Not null where a tenant's provider signed the user in: what happens then is no other tenant's business.</param>
    /// <remarks>It does not end with the request: who hangs up is recorded too. Of refusals one after another, see <see cref="RefusalCounts"/>.</remarks>
    public Task RecordAsync(SecurityEvent what, Guid? user, string? about = null, ProviderSignIn? provider = null)
    {
        if (!what.IsCounted)
            return WriteAsync(what, user, Details(about, 1), provider?.Tenant);
        return counts.Add(what, user) is { } counted ? RecordAsync(counted, about, provider) : Task.CompletedTask;
    }

    /// <summary>One row for all of them.</summary>
    public async Task RecordAsync(Refusals refusals, string? about = null, ProviderSignIn? provider = null)
    {
        try
        {
            await WriteAsync(refusals.What, refusals.User, Details(about, refusals.Count), provider?.Tenant);
        }
        catch (Exception e)
        {
            counts.Return(refusals);
            Log.RefusalNotRecorded(logger, e, refusals.What.Action);
            if (!refusals.What.IsRefusal && http.HttpContext is not null)
                throw;
        }
    }

    /// <param name="only">The tenant whose trail gets it beside the platform's; null for those of all the user's tenants.</param>
    private async Task WriteAsync(SecurityEvent what, Guid? id, JsonElement? details, TenantId? only)
    {
        var now = time.GetUtcNow();
        await database.InPlatformAsync(
            async (db, ct) =>
            {
                var who = id is not { } known ? Subject.Nobody
                    : what.IsOfClient ? await ClientAsync(db, known, ct)
                    : await UserAsync(db, known, only, ct);
                foreach (var trail in await OpenTrails.AmongAsync(db, who.Trails, ct))
                    db.AuditEvents.Add(Row(trail, what, who, details, now));
                return await db.SaveChangesAsync(ct);
            },
            CancellationToken.None);
    }

    private static async Task<Subject> UserAsync(ControlDb db, Guid id, TenantId? only, CancellationToken ct)
    {
        var who = id.ToString("D");
        var tenants = await db.Memberships.Where(m => m.Principal == who && m.TenantId != TenantId.Platform && (only == null || m.TenantId == only))
            .OrderBy(m => m.TenantId).Select(m => m.TenantId).Take(MaxTenants).ToListAsync(ct);
        return new(who, null, [TenantId.Platform, .. tenants]);
    }

    private static async Task<Subject> ClientAsync(ControlDb db, Guid id, CancellationToken ct)
    {
        var names = await db.Database.SqlQuery<string>($"SELECT client_id AS \"Value\" FROM identity.clients WHERE id = {id}").ToListAsync(ct);
        if (names is not [var client])
            return Subject.Nobody;
        var ofTenant = await db.ServiceClients.Where(c => c.ClientId == client && c.DeletedAt == null)
            .Select(c => new { c.TenantId, c.Name }).SingleOrDefaultAsync(ct);
        return new(client, ofTenant?.Name, [ofTenant?.TenantId ?? TenantId.Platform]);
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

    private AuditEventRow Row(TenantId tenant, SecurityEvent what, Subject who, JsonElement? details, DateTimeOffset now)
    {
        var client = ClientAddress.Of(http.HttpContext);
        return new()
        {
            TenantId = tenant,
            Id = Guid.CreateVersion7(now),
            At = now,
            Actor = who.Id,
            ActorKind = what.IsOfClient ? ActorKinds.Client : ActorKinds.User,
            ActorName = who.Name,
            Address = client.Address,
            UserAgent = client.UserAgent,
            Outcome = what.IsRefusal ? AuditOutcomes.Failed : AuditOutcomes.Success,
            Action = what.Action,
            Target = who.Id,
            Details = details,
        };
    }

    /// <param name="Trails">Where it is to be read.</param>
    private sealed record Subject(string Id, string? Name, IReadOnlyList<TenantId> Trails)
    {
        public static readonly Subject Nobody = new(Unknown, null, [TenantId.Platform]);
    }
}

/// <param name="Action">As the audit trail names it.</param>
/// <param name="IsRefusal">True where something was refused anyway.</param>
internal readonly record struct SecurityEvent(string Action, bool IsRefusal = false)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Of what is counted: how long after a row of a user or client further ones are only counted.</summary>
    public TimeSpan Quiet { get; private init; } = Minute;

    /// <summary>It is about a program, not about a user.</summary>
    public bool IsOfClient { get; private init; }

    /// <summary>One row stands for several: programs sign in as often as they like.</summary>
    public bool IsCounted => IsRefusal || IsOfClient;

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
    public static readonly SecurityEvent ClientSignedIn = new("client.sign-in") { IsOfClient = true };
    public static readonly SecurityEvent ClientRefused = new("client.sign-in-failed", IsRefusal: true) { IsOfClient = true };
    public static readonly SecurityEvent RefreshTokenReused = new("refresh-token.reuse", IsRefusal: true);
}
