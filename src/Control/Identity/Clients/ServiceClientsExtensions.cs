using Platform.Control.Access;

namespace Platform.Control.Identity.Clients;

internal static class ServiceClientsExtensions
{
    public static void AddServiceClients(this IServiceCollection services)
    {
        services.AddSingleton<OAuthClients>();
        services.AddScoped<ClientSignIns>();
    }

    /// <summary>A tenant's programs.</summary>
    public static void MapServiceClients(this IEndpointRouteBuilder tenant)
    {
        var clients = tenant.MapGroup("/service-clients").WithTags("Service clients");
        clients.MapGet("", ServiceClientEndpoints.ListAsync).WithName("ListServiceClients").WithSummary("List service clients").Needs(Rights.ClientsRead);
        clients.MapPost("", ServiceClientEndpoints.CreateAsync).WithName("CreateServiceClient").WithSummary("Create a service client; its secret is shown once").Needs(Rights.ClientsWrite);
        clients.MapGet("/{id}", ServiceClientEndpoints.GetAsync).WithName("GetServiceClient").WithSummary("Read a service client").Needs(Rights.ClientsRead);
        clients.MapPut("/{id}", ServiceClientEndpoints.UpdateAsync).WithName("UpdateServiceClient").WithSummary("Replace a service client's name, role and scopes").Needs(Rights.ClientsWrite);
        clients.MapPost("/{id}/rotate", ServiceClientEndpoints.RotateAsync).WithName("RotateServiceClient").WithSummary("Give a service client a new secret; the old one ends at once").Needs(Rights.ClientsWrite);
        clients.MapDelete("/{id}", ServiceClientEndpoints.DeleteAsync).WithName("DeleteServiceClient").WithSummary("Delete a service client; its tokens lose their rights at once").Needs(Rights.ClientsWrite);
    }
}
