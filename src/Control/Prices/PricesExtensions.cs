using Platform.Control.Access;

namespace Platform.Control.Prices;

internal static class PricesExtensions
{
    /// <summary>What holds for a tenant, to read.</summary>
    public static void MapPrices(this IEndpointRouteBuilder tenant) =>
        tenant.MapGet("/prices", HeldPriceEndpoints.ListAsync).WithTags("Prices").WithName("ListHeldPrices").WithSummary("List the prices that hold").Needs(Rights.PricesRead);

    /// <summary>Base prices, which hold where a tenant has none of its own.</summary>
    public static void MapBasePrices(this IEndpointRouteBuilder api)
    {
        var prices = api.MapGroup("/operator/prices").WithTags("Prices");
        prices.MapGet("", BasePriceEndpoints.ListAsync).WithName("ListBasePrices").WithSummary("List base prices").Needs(Rights.PlatformRead);
        prices.MapPost("", BasePriceEndpoints.CreateAsync).WithName("CreateBasePrice").WithSummary("Create a base price").Needs(Rights.PlatformWrite);
        prices.MapGet("/{id}", BasePriceEndpoints.GetAsync).WithName("GetBasePrice").WithSummary("Read a base price").Needs(Rights.PlatformRead);
        prices.MapPut("/{id}", BasePriceEndpoints.UpdateAsync).WithName("UpdateBasePrice").WithSummary("Set or clear a base price's end").Needs(Rights.PlatformWrite);
        prices.MapDelete("/{id}", BasePriceEndpoints.DeleteAsync).WithName("DeleteBasePrice").WithSummary("Delete a base price that does not hold yet").Needs(Rights.PlatformWrite);
    }

    /// <summary>A tenant's own prices, which operators set.</summary>
    public static void MapOperatorPrices(this IEndpointRouteBuilder tenant)
    {
        var prices = tenant.MapGroup("/prices").WithTags("Prices");
        prices.MapGet("", PriceEndpoints.ListAsync).WithName("ListTenantPrices").WithSummary("List a tenant's own prices").Needs(Rights.TenantsRead);
        prices.MapPost("", PriceEndpoints.CreateAsync).WithName("CreateTenantPrice").WithSummary("Create a tenant's own price").Needs(Rights.TenantsWrite);
        prices.MapGet("/{id}", PriceEndpoints.GetAsync).WithName("GetTenantPrice").WithSummary("Read a tenant's own price").Needs(Rights.TenantsRead);
        prices.MapPut("/{id}", PriceEndpoints.UpdateAsync).WithName("UpdateTenantPrice").WithSummary("Set or clear the end of a tenant's own price").Needs(Rights.TenantsWrite);
        prices.MapDelete("/{id}", PriceEndpoints.DeleteAsync).WithName("DeleteTenantPrice").WithSummary("Delete a tenant's own price that does not hold yet").Needs(Rights.TenantsWrite);
    }
}
