using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Messages;
using Platform.Control.Access;
using Platform.Control.Bus;

namespace Platform.Control.Agents;

internal static class AgentsExtensions
{
    private const int MaxEnrolmentBytes = 16 * 1024;

    /// <summary>Enrolment, revocation, and what agents report. Needs the bus.</summary>
    public static void AddAgents(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<KnownAgents>();
        services.AddSingleton<AgentReports>();
        services.AddSingleton(provider => new AgentQueue(BusTopology.Agents, provider.GetRequiredService<AgentReports>().HandleAsync, Prefetch: 8));
        services.AddHttpClient<BrokerUsers>((provider, http) => PointAt(http, provider.GetRequiredService<BrokerSettings>())).RemoveAllLoggers();
        services.AddScoped<BrokerLogins>();
        services.AddScoped<AgentClients>();
        services.AddScoped<AgentAccounts>();
        services.AddScoped<SecretsForAgents>();
        services.AddScoped<Enrolment>();
        services.AddScoped<Revocation>();
        services.AddHostedService<RevocationSweep>();
        services.AddSingleton<AgentLimits>();
    }

    /// <summary><c>/agent/v1</c>: for agents.</summary>
    public static void MapAgentApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(AgentApi.EnrolmentPath, AgentEndpoints.EnrolAsync)
            .AllowAnonymous()
            .AddEndpointFilter(AgentLimits.EnrolmentAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaxEnrolmentBytes))
            .ExcludeFromDescription();
        var agents = routes.MapGroup("")
            .RequireAuthorization(new AuthorizationPolicyBuilder(AccessExtensions.AgentScheme).RequireAuthenticatedUser().Build())
            .AddEndpointFilter(AgentCaller.AdmitAsync)
            .ExcludeFromDescription();
        agents.MapGet(AgentApi.ConfigPath, AgentEndpoints.ConfigAsync).AddEndpointFilter(AgentLimits.CatchUpAsync);
        agents.MapGet(AgentApi.SecretsPath, AgentEndpoints.SecretsAsync);
    }

    /// <summary>Groups and agents, for operators.</summary>
    public static void MapFleet(this IEndpointRouteBuilder api)
    {
        api.MapPost("/agent-groups", FleetEndpoints.CreateGroupAsync).WithName("CreateAgentGroup").Needs(Rights.FleetWrite);
        api.MapPost("/agent-groups/{group}/enrolment-tokens", FleetEndpoints.CreateTokenAsync).WithName("CreateEnrolmentToken")
            .Needs(Rights.FleetWrite);
        api.MapGet("/agents", FleetEndpoints.ListAsync).WithName("ListAgents").Needs(Rights.FleetRead);
        api.MapPost("/agents/{id}/revoke", FleetEndpoints.RevokeAsync).WithName("RevokeAgent").Needs(Rights.FleetWrite);
    }

    private static void PointAt(HttpClient http, BrokerSettings settings)
    {
        if (settings.ManagementUrl is not { } url)
            return;
        http.BaseAddress = new(url.ToString().TrimEnd('/') + "/");
        http.Timeout = TimeSpan.FromSeconds(5);
        http.DefaultRequestHeaders.Authorization = new(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{settings.ManagementUser}:{settings.ManagementPassword}")));
    }
}
