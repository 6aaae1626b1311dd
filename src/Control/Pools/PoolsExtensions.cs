using System.Net;
using Platform.Control.Access;
using Platform.Control.Api;

namespace Platform.Control.Pools;

internal static class PoolsExtensions
{
    public static void AddPools(this IServiceCollection services) => services
        .AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync)
        .AddSingleton<EndpointCheck>()
        .AddSingleton<PoolTestLimit>();

    public static void MapPools(this IEndpointRouteBuilder tenant)
    {
        var pools = tenant.MapGroup("/pools").WithTags("Pools");
        pools.MapGet("", PoolEndpoints.ListAsync).WithName("ListPools").WithSummary("List pools").Needs(Rights.PoolsRead);
        pools.MapPost("", PoolWrites.CreateAsync).WithName("CreatePool").WithSummary("Create a pool").Needs(Rights.PoolsWrite);
        pools.MapGet("/{id}", PoolEndpoints.GetAsync).WithName("GetPool").WithSummary("Read a pool").Needs(Rights.PoolsRead);
        pools.MapPut("/{id}", PoolWrites.UpdateAsync).WithName("UpdatePool").WithSummary("Replace what a pool is").Needs(Rights.PoolsWrite);
        pools.MapDelete("/{id}", PoolWrites.DeleteAsync).WithName("DeletePool").WithSummary("Delete a pool").Needs(Rights.PoolsWrite);
        pools.MapPost("/{poolId}/test", PoolTest.RunAsync).WithName("TestPool").WithSummary("Try a pool's endpoints").Needs(Rights.PoolsWrite)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithMetadata(Unoffered.Idempotency);
        tenant.MapGet("/shared-pools", PoolEndpoints.SharedAsync).WithTags("Pools")
            .WithName("ListSharedPools").WithSummary("List the shared pools that models may target").Needs(Rights.PoolsRead);
        MapEndpoints(pools.MapGroup("/{poolId}/endpoints"));
        MapProviderKey(pools.MapGroup("/{poolId}/provider-key"));
        MapClientCertificate(pools.MapGroup("/{poolId}/client-certificate"));
    }

    private static void MapEndpoints(RouteGroupBuilder endpoints)
    {
        endpoints.MapGet("", EndpointReads.ListAsync).WithName("ListEndpoints").WithSummary("List a pool's endpoints").Needs(Rights.PoolsRead);
        endpoints.MapPost("", EndpointWrites.CreateAsync).WithName("CreateEndpoint").WithSummary("Add an endpoint to a pool").Needs(Rights.PoolsWrite);
        endpoints.MapGet("/{id}", EndpointReads.GetAsync).WithName("GetEndpoint").WithSummary("Read an endpoint").Needs(Rights.PoolsRead);
        endpoints.MapPut("/{id}", EndpointWrites.UpdateAsync).WithName("UpdateEndpoint").WithSummary("Replace an endpoint").Needs(Rights.PoolsWrite);
        endpoints.MapDelete("/{id}", EndpointWrites.DeleteAsync).WithName("DeleteEndpoint").WithSummary("Remove an endpoint").Needs(Rights.PoolsWrite);
        endpoints.MapPost("/{id}/drain", EndpointWrites.DrainAsync)
            .WithName("DrainEndpoint").WithSummary("Send an endpoint no new requests").Needs(Rights.PoolsWrite);
        endpoints.MapPost("/{id}/undrain", EndpointWrites.UndrainAsync)
            .WithName("UndrainEndpoint").WithSummary("Send an endpoint requests again").Needs(Rights.PoolsWrite);
    }

    private static void MapProviderKey(RouteGroupBuilder key)
    {
        key.MapGet("", ProviderKeys.GetAsync).WithName("GetProviderKey").WithSummary("Read what is known of a pool's provider key").Needs(Rights.PoolsRead);
        key.MapPut("", ProviderKeys.SetAsync).WithName("SetProviderKey").WithSummary("Set or rotate a pool's provider key").Needs(Rights.PoolsWrite);
        key.MapDelete("", ProviderKeys.DeleteAsync).WithName("DeleteProviderKey").WithSummary("Delete a pool's provider key").Needs(Rights.PoolsWrite);
    }

    private static void MapClientCertificate(RouteGroupBuilder certificate)
    {
        certificate.MapGet("", ClientCertificates.GetAsync)
            .WithName("GetClientCertificate").WithSummary("Read what is known of a pool's client certificate").Needs(Rights.PoolsRead);
        certificate.MapPut("", ClientCertificates.SetAsync)
            .WithName("SetClientCertificate").WithSummary("Set or replace a pool's client certificate").Needs(Rights.PoolsWrite);
        certificate.MapDelete("", ClientCertificates.DeleteAsync)
            .WithName("DeleteClientCertificate").WithSummary("Delete a pool's client certificate").Needs(Rights.PoolsWrite);
    }
}
