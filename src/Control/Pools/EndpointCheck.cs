using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Hosting.Outbound;

namespace Platform.Control.Pools;

/// <summary>
/// Looks at the addresses that somebody wants to store, names included. It is the first of two checks: a name may
/// answer something else tomorrow, so the gateway checks again where it connects.
/// </summary>
internal sealed class EndpointCheck(Database database, ResolveHost resolve, TimeProvider time)
{
    /// <summary>One sentence for every reason, so that nobody learns which names there are inside.</summary>
    private const string Unresolved = "The host's name must resolve, and to public addresses only, or to ones that the operator allows.";

    private const int LookUpsAtOnce = 32;

    /// <summary>For all names of a request together.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Each address with its fault, in the order of <paramref name="urls"/>; not within a transaction, because it waits for others.</summary>
    public async Task<CheckedAddresses> CheckAsync(TenantId owner, IReadOnlyList<string> urls, CancellationToken ct)
    {
        if (owner == TenantId.Platform)
            return new([.. urls.Select(EndpointAddress.OfOperator)]);
        var networks = await AllowedNetworksAsync(owner, ct);
        var addresses = urls.Select(u => EndpointAddress.OfTenant(u, networks)).ToList();
        var refused = await RefusedAsync(addresses.Select(a => a.Name).OfType<string>().Distinct().ToList(), networks, ct);
        return new([.. addresses.Select(a => a.Name is { } name && refused.Contains(name) ? EndpointAddress.Refused(Unresolved) : a)]);
    }

    /// <summary>Private networks that the operator lets tenants' endpoints be in.</summary>
    public async Task<IReadOnlyList<IPNetwork>> AllowedNetworksAsync(TenantId tenant, CancellationToken ct)
    {
        var texts = await database.InTenantAsync(tenant, (db, token) => db.PlatformSettings.Select(s => s.AllowedNetworks).SingleAsync(token), ct);
        return [.. texts.Select(t => IpRange.TryParse(t, out var network) ? network : (IPNetwork?)null).OfType<IPNetwork>()];
    }

    private async Task<HashSet<string>> RefusedAsync(List<string> names, IReadOnlyList<IPNetwork> networks, CancellationToken ct)
    {
        if (names.Count == 0)
            return [];
        using var end = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, ct);
        using var slots = new SemaphoreSlim(LookUpsAtOnce);
        var allowed = await Task.WhenAll(names.Select(n => IsAllowedAsync(n, networks, slots, both.Token)));
        ct.ThrowIfCancellationRequested();
        return [.. names.Where((_, i) => !allowed[i])];
    }

    private async Task<bool> IsAllowedAsync(string name, IReadOnlyList<IPNetwork> networks, SemaphoreSlim slots, CancellationToken ct)
    {
        var entered = false;
        try
        {
            await slots.WaitAsync(ct);
            entered = true;

            // A resolver that does not heed the token is left behind.
            var addresses = await resolve(name, ct).WaitAsync(ct);
            return addresses.Length > 0 && Array.TrueForAll(addresses, a => AddressRules.IsAllowed(a, networks));
        }
        catch (Exception e) when (e is SocketException or ArgumentException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            if (entered)
                slots.Release();
        }
    }
}

/// <summary>What came of a check.</summary>
internal sealed record CheckedAddresses(IReadOnlyList<EndpointAddress> Addresses)
{
    /// <summary>As they are stored; only where there was no fault.</summary>
    public IEnumerable<string> Urls => Addresses.Select(a => a.Url ?? throw new InvalidOperationException("The address has a fault."));

    /// <param name="path">The path of the address at an index.</param>
    public void AddTo(Faults faults, Func<int, string> path)
    {
        foreach (var (index, address) in Addresses.Index())
        {
            if (address.Fault is { } fault)
                faults.Add(path(index), fault, Contracts.Api.ProblemCodes.UrlRefused);
        }
    }
}
