using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Delivery;
using Platform.Control.Secrets;

namespace Platform.Control.Bootstrap;

/// <summary>
/// Makes the first users, clients and rights, and the secrets without which nothing works: a key for each group, a
/// pepper. Everything but users and clients is one write, so that agents hear of it as of any other.
/// </summary>
internal sealed class BootstrapRun(BootstrapUsers users, BootstrapClients clients, ConfigWriter writer, PlatformSecrets secrets)
{
    private static readonly WriteCall Call = new(Actor.System("bootstrap"));

    /// <exception cref="BootstrapException">A part of the request is not acceptable.</exception>
    public async Task<BootstrapAnswer> RunAsync(BootstrapRequest request, CancellationToken ct)
    {
        if (request.Portal is { } portal)
            await clients.EnsurePortalAsync(portal, ct);
        if (request.Automation is { } automation)
            await clients.EnsureAutomationAsync(automation, ct);
        if (request.Operator is { Email: null, Subject: null })
            throw new BootstrapException("operator needs an email, or the subject of another authority's user.");
        var operatorUser = request.Operator?.Email is { } address ? await users.EnsureAsync(address, request.Operator.Password) : null;
        var admin = request.Tenant?.AdminEmail is { } email ? await users.EnsureAsync(email, request.Tenant.AdminPassword) : null;

        string?[] operators = [operatorUser, request.Operator?.Subject, request.Automation?.ClientId];
        string?[] admins = [admin, request.Tenant?.AdminSubject, request.Automation?.ClientId];
        var outcome = await writer.InPlatformAsync<BootstrapAnswer>(
            TenantId.Platform,
            Call,
            async (write, token) =>
            {
                var group = request.Tenant?.Group is { } name ? await GroupAsync(write, name, token) : AgentGroupName.Default;
                await secrets.EnsureAsync(write.Db, write.Now, token);
                await write.Db.SaveChangesAsync(token);
                write.Affects(Affected.Platform);
                foreach (var principal in operators.OfType<string>())
                    await OperatorAsync(write, principal, token);
                if (request.Tenant is not { } tenant)
                    return new BootstrapAnswer(null);
                var id = await TenantAsync(write, tenant, group, token);
                foreach (var principal in admins.OfType<string>())
                    await AdminAsync(write, id, principal, token);
                return new BootstrapAnswer(id);
            },
            ct);
        return outcome.Failed ? throw new BootstrapException(outcome.Failure.Detail) : outcome.Value;
    }

    private static async Task<AgentGroupName> GroupAsync(ConfigWrite write, string name, CancellationToken ct)
    {
        if (!AgentGroupName.TryParse(name, null, out var group))
            throw new BootstrapException("tenant.group has 1 to 40 characters of a-z, 0-9 and -.");
        if (!await write.Db.AgentGroups.AnyAsync(g => g.Name == group, ct))
        {
            write.Db.AgentGroups.Add(new() { Name = group, CreatedAt = write.Now });
            await write.Db.SaveChangesAsync(ct);
            write.Audit("agent-group.create", name);
        }
        return group;
    }

    private static async Task OperatorAsync(ConfigWrite write, string principal, CancellationToken ct)
    {
        if (await write.Db.Operators.AnyAsync(o => o.Principal == principal, ct))
            return;
        write.Db.Operators.Add(new() { Principal = principal, Role = OperatorRoles.Operator, CreatedAt = write.Now });
        write.Audit("operator.add", principal);
    }

    private static async Task<TenantId> TenantAsync(ConfigWrite write, FirstTenant tenant, AgentGroupName group, CancellationToken ct)
    {
        var known = await write.Db.Tenants.AsNoTracking().SingleOrDefaultAsync(t => t.Slug == tenant.Slug, ct);
        if (known?.Id == TenantId.Platform)
            throw new BootstrapException("tenant.slug 'platform' is the platform's own.");
        if (known is not null)
            return known.Id;
        var id = TenantId.New();
        write.Db.Tenants.Add(new() { Id = id, Name = tenant.Name, Slug = tenant.Slug, GroupName = group, CreatedAt = write.Now });
        write.Affects(Affected.Tenant(id));
        write.Audit("tenant.create", id.ToString());
        return id;
    }

    private static async Task AdminAsync(ConfigWrite write, TenantId tenant, string principal, CancellationToken ct)
    {
        if (await write.Db.Memberships.AnyAsync(m => m.TenantId == tenant && m.Principal == principal, ct))
            return;
        write.Db.Memberships.Add(new() { TenantId = tenant, Principal = principal, Role = TenantRoles.Admin, CreatedAt = write.Now });
        write.Audit("membership.add", principal);
    }
}
