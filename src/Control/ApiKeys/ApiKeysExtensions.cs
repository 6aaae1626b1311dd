using Platform.Control.Access;

namespace Platform.Control.ApiKeys;

internal static class ApiKeysExtensions
{
    public static void AddApiKeys(this IServiceCollection services) => services.AddSingleton<Peppers>();

    public static void MapApiKeys(this IEndpointRouteBuilder tenant)
    {
        var keys = tenant.MapGroup("/api-keys");
        keys.MapGet("", ApiKeyEndpoints.ListAsync).WithName("ListApiKeys").Needs(Rights.KeysRead);
        keys.MapPost("", ApiKeyEndpoints.CreateAsync).WithName("CreateApiKey").Needs(Rights.KeysWrite)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        keys.MapPost("/{id}/revoke", ApiKeyEndpoints.RevokeAsync).WithName("RevokeApiKey").Needs(Rights.KeysWrite);
    }
}
