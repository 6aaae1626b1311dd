using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using OpenIddict.Abstractions;
using Platform.Control.Data;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.Control.Identity.Clients;

/// <summary>
/// The OAuth client behind a service client, written in the same database transaction as its rows: whatever process dies
/// when, there are both or neither.
/// </summary>
internal sealed class OAuthClients(IServiceScopeFactory scopes)
{
    public Task CreateAsync(ControlDb db, ServiceClientAccess access, string secret, CancellationToken ct) =>
        WithinAsync(db, clients => clients.CreateAsync(Describe(new(), access, secret), ct).AsTask(), ct);

    /// <summary>The client with other scopes or name, and with another secret where one is given.</summary>
    public Task UpdateAsync(ControlDb db, ServiceClientAccess access, string? secret, CancellationToken ct) => WithinAsync(
        db,
        async clients =>
        {
            var known = await clients.FindByClientIdAsync(access.ClientId, ct)
                ?? throw new InvalidOperationException("The service client has no OAuth client.");
            var descriptor = new OpenIddictApplicationDescriptor();
            await clients.PopulateAsync(descriptor, known, ct);
            await clients.UpdateAsync(known, Describe(descriptor, access, secret), ct);
        },
        ct);

    /// <summary>The client with every token that it was given.</summary>
    public static async Task DeleteAsync(ControlDb db, string clientId, CancellationToken ct)
    {
        await db.Database.ExecuteSqlAsync($"DELETE FROM identity.tokens USING identity.clients c WHERE application_id = c.id AND c.client_id = {clientId}", ct);
        await db.Database.ExecuteSqlAsync($"DELETE FROM identity.authorizations USING identity.clients c WHERE application_id = c.id AND c.client_id = {clientId}", ct);
        await db.Database.ExecuteSqlAsync($"DELETE FROM identity.clients WHERE client_id = {clientId}", ct);
    }

    /// <summary>OpenIddict's own store and rules, on the connection and in the transaction of the write.</summary>
    private async Task WithinAsync(ControlDb db, Func<IOpenIddictApplicationManager, Task> work, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var identity = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        identity.Database.SetDbConnection(db.Database.GetDbConnection(), contextOwnsConnection: false);
        var transaction = db.Database.CurrentTransaction ?? throw new InvalidOperationException("The write has no transaction.");
        await identity.Database.UseTransactionAsync(transaction.GetDbTransaction(), ct);
        await work(scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>());
    }

    private static OpenIddictApplicationDescriptor Describe(OpenIddictApplicationDescriptor descriptor, ServiceClientAccess access, string? secret)
    {
        descriptor.ClientId = access.ClientId;
        descriptor.ClientType = ClientTypes.Confidential;
        descriptor.DisplayName = access.Name;
        if (secret is not null)
            descriptor.ClientSecret = secret;
        descriptor.Permissions.Clear();
        descriptor.Permissions.UnionWith([Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials]);
        descriptor.Permissions.UnionWith(access.Scopes.Select(s => Permissions.Prefixes.Scope + s));
        return descriptor;
    }
}

/// <summary>What the authority has to know of a service client.</summary>
internal sealed record ServiceClientAccess(string ClientId, string Name, IReadOnlyList<string> Scopes);
