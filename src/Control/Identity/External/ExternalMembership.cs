using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Members;
using Platform.Control.Tenants;

namespace Platform.Control.Identity.External;

/// <summary>A person's membership, as the provider's groups say. A membership that people gave stays as it is.</summary>
internal sealed class ExternalMembership(Database database, ConfigWriter writer, RefusalPauses pauses, TimeProvider time)
{
    private const string SignInAction = "sign-in.external";

    /// <summary>Highest first.</summary>
    private static readonly string[] Ranks = [TenantRoles.Owner, TenantRoles.Admin, TenantRoles.Developer, TenantRoles.Billing];

    /// <summary>The highest role of the person's groups, else the default; null for none.</summary>
    public static string? RoleOf(IdentityProviderRow provider, IReadOnlyList<string> groups)
    {
        var mapping = ProviderAnswers.MappingOf(provider);
        var roles = groups.Select(g => mapping.GetValueOrDefault(g)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return Array.Find(Ranks, roles.Contains) ?? provider.DefaultRole;
    }

    /// <summary>Whether the person is a member whom people, and not this provider's groups, made one.</summary>
    public Task<bool> IsGivenAsync(IdentityProviderRow provider, string principal, CancellationToken ct) => database.InPlatformAsync(
        (db, token) => db.Memberships.AnyAsync(m => m.TenantId == provider.TenantId && m.Principal == principal && m.IdentityProviderId != provider.Id, token), ct);

    /// <summary>Operators of the platform do not come in by a tenant's provider.</summary>
    public Task<bool> IsOperatorAsync(string principal, CancellationToken ct) =>
        database.InPlatformAsync((db, token) => db.Operators.AnyAsync(o => o.Principal == principal, token), ct);

    /// <summary>Makes, changes or removes the membership; the answer is the role that the person has then.</summary>
    /// <param name="role">What the groups give; null for nothing.</param>
    public async Task<string?> SetAsync(IdentityProviderRow provider, Actor actor, string? role, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<Applied>(
            provider.TenantId,
            new(actor),
            async (write, token) =>
            {
                // One after the other in a tenant, so that two last owners do not both go.
                if (await TenantRows.LockOpenAsync(write.Db, provider.TenantId, token) is null)
                    return Failure.NotFound(TenantRows.Thing);
                var members = write.Db.Memberships.Where(m => m.TenantId == provider.TenantId);
                var row = await members.SingleOrDefaultAsync(m => m.Principal == actor.Principal, token);
                var isLastOwner = row?.Role == TenantRoles.Owner && !await members.AnyAsync(m => m.Role == TenantRoles.Owner && m.Principal != actor.Principal, token);
                var given = row is not null && row.IdentityProviderId != provider.Id;
                var result = given || isLastOwner ? row!.Role : Apply(write, provider, row, role);
                if (row is not null)
                    await Inviters.RevokeAsync(write, provider.TenantId, actor.Principal, result, token);
                var details = JsonSerializer.SerializeToElement(new { identityProvider = provider.Id, role = result });
                if (result is not null)
                    write.Audit(SignInAction, actor.Principal, details);
                return new Applied(result);
            },
            ct);
        return written.Failed ? null : written.Value.Role;
    }

    /// <summary>A person whom the provider vouched for was not let in. A row a minute for each provider and reason says for how many it stands.</summary>
    public async Task DenyAsync(IdentityProviderRow provider, Actor actor, string refusal, CancellationToken ct)
    {
        if (pauses.Add(provider.Id, refusal) is not { } count)
            return;
        await database.InPlatformAsync(
            async (db, token) =>
            {
                // A tenant that was closed meanwhile keeps no more names.
                var open = await db.Database
                    .SqlQuery<Guid>($"SELECT id AS \"Value\" FROM tenants WHERE id = {provider.TenantId.Value} AND closed_at IS NULL FOR KEY SHARE")
                    .ToListAsync(token);
                if (open.Count > 0)
                    db.AuditEvents.Add(Denial(provider, actor, refusal, count));
                return await db.SaveChangesAsync(token);
            },
            ct);
    }

    private AuditEventRow Denial(IdentityProviderRow provider, Actor actor, string refusal, int count)
    {
        var now = time.GetUtcNow();
        return new()
        {
            TenantId = provider.TenantId,
            Id = Guid.CreateVersion7(now),
            At = now,
            Actor = actor.Principal,
            ActorKind = actor.Kind,
            ActorName = actor.Name,
            Address = actor.Address,
            Outcome = AuditOutcomes.Denied,
            Action = SignInAction,
            Target = actor.Principal,
            Details = JsonSerializer.SerializeToElement(new { identityProvider = provider.Id, reason = refusal, count }),
        };
    }

    private static string? Apply(ConfigWrite write, IdentityProviderRow provider, MembershipRow? row, string? role)
    {
        var before = row is null ? null : new Standing(row.Role, row.Email);
        if (row is null && role is not null)
        {
            write.Db.Memberships.Add(row = new()
            {
                TenantId = provider.TenantId,
                Principal = write.Call.Actor.Principal,
                Role = role,
                Email = write.Call.Actor.Name,
                IdentityProviderId = provider.Id,
                CreatedAt = write.Now,
            });
            write.Audit("member.add", row.Principal, null, new Standing(role, row.Email));
        }
        else if (row is not null && role is null)
        {
            write.Db.Memberships.Remove(row);
            write.Audit("member.remove", row.Principal, before, null);
        }
        else if (row is not null && role is not null && row.Role != role)
        {
            (row.Role, row.Version) = (role, row.Version + 1);
            write.Audit("member.update", row.Principal, before, new Standing(role, row.Email));
        }
        return role;
    }

    private sealed record Applied(string? Role);

    private sealed record Standing(string Role, string? Email);
}
