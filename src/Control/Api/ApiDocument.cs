using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Identity;

namespace Platform.Control.Api;

/// <summary><c>/openapi/v1.json</c>: what the API is, who may call it, and how ids are written.</summary>
internal static class ApiDocument
{
    private const string OAuth = "oauth2";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", o =>
    {
        o.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new() { Title = "Platform control API", Version = "v1", Description = "Tenants and everything in them: members, projects, keys, pools, models, limits, policies, usage, audit." };
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[OAuth] = Scheme(context.ApplicationServices.GetRequiredService<ControlSettings>().Issuer);
            return Task.CompletedTask;
        });
        o.AddOperationTransformer((operation, context, _) =>
        {
            var open = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();
            if (!open)
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(OAuth, context.Document)] = [PlatformScopes.Api] }];
            ApiOperations.Complete(operation, context.Description);
            return Task.CompletedTask;
        });
        o.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (IsIdOf(type, typeof(IId<>)))
                (schema.Type, schema.Format) = (JsonSchemaType.String, "uuid");
            else if (IsIdOf(type, typeof(ITextId<>)))
                schema.Type = JsonSchemaType.String;
            return Task.CompletedTask;
        });
    });

    private static bool IsIdOf(Type type, Type definition) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == definition);

    private static OpenApiSecurityScheme Scheme(Uri issuer)
    {
        var scopes = new Dictionary<string, string> { [PlatformScopes.Api] = "Call the API" };
        Dictionary<string, string> ofPrograms = new(scopes) { [ApiScopes.Read] = "Read only", [ApiScopes.Usage] = "Usage only" };
        return new()
        {
            Type = SecuritySchemeType.OAuth2,
            Flows = new()
            {
                AuthorizationCode = new()
                {
                    AuthorizationUrl = new(issuer, "/connect/authorize"),
                    TokenUrl = new(issuer, "/connect/token"),
                    Scopes = scopes,
                },
                ClientCredentials = new() { TokenUrl = new(issuer, "/connect/token"), Scopes = ofPrograms },
            },
        };
    }
}
