using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Platform.Control.Access;
using Scalar.AspNetCore;

namespace Platform.Control.Api;

internal static class ApiExtensions
{
    public static void AddApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblems();
        builder.Services.AddApiDocument();
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.AllowDuplicateProperties = false;
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;

            // A member that is misspelt is not one that is left out: a key would live for ever.
            o.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
    }

    /// <inheritdoc cref="StorableTexts"/>
    public static void UseStorableTexts(this WebApplication app) => app.Use(StorableTexts.CheckAsync);

    /// <summary><c>/api/v1</c>: a valid token of the API, whoever it is about.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi().AllowAnonymous();

        // Fonts and everything else come from here: the pages contact no other host.
        routes.MapScalarApiReference("/docs", o => o.WithTitle("Platform control API").DisableDefaultFonts().DisableTelemetry()).AllowAnonymous();
        var api = routes.MapGroup("/api/v1");
        StorableTexts.Mark(api);
        return api
            .RequireAuthorization(RightRequirement.AnyCaller)
            .WithMetadata(new RequestSizeLimitAttribute(WriteCall.MaxBodyBytes))
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Below a tenant's address: a role in that tenant, or an operator; to others it does not exist.</summary>
    public static RouteGroupBuilder MapTenant(this IEndpointRouteBuilder api) =>
        api.MapGroup("/tenants/{tenantId}")
            .ProducesProblem(StatusCodes.Status404NotFound);
}
