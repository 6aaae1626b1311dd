using Platform.Control.Access;

namespace Platform.Control.ApiKeys;

internal static class ApiKeysExtensions
{
    public static void AddApiKeys(this IServiceCollection services) => services.AddSingleton<Peppers>().AddSingleton<ApiKeySecrets>();

    public static void MapApiKeys(this IEndpointRouteBuilder tenant)
    {
        var keys = tenant.MapGroup("/api-keys").WithTags("API keys");
        keys.MapGet("", ApiKeyEndpoints.ListAsync).WithName("ListApiKeys").WithSummary("List API keys").Needs(Rights.KeysRead);
        keys.MapPost("", ApiKeyWrites.CreateAsync).WithName("CreateApiKey").WithSummary("Create an API key").Needs(Rights.KeysWrite);
        keys.MapGet("/{id}", ApiKeyEndpoints.GetAsync).WithName("GetApiKey").WithSummary("Read an API key").Needs(Rights.KeysRead);
        keys.MapPut("/{id}", ApiKeyWrites.UpdateAsync).WithName("UpdateApiKey").WithSummary("Change what an API key may do").Needs(Rights.KeysWrite);
        keys.MapDelete("/{id}", ApiKeyWrites.DeleteAsync).WithName("DeleteApiKey").WithSummary("Revoke an API key").Needs(Rights.KeysWrite);
        keys.MapPost("/{id}/rotate", ApiKeyWrites.RotateAsync).WithName("RotateApiKey").WithSummary("Give an API key a new secret").Needs(Rights.KeysWrite);
        keys.MapPost("/{id}/revoke", ApiKeyWrites.RevokeAsync).WithName("RevokeApiKey").WithSummary("Revoke an API key").Needs(Rights.KeysWrite);
    }
}
