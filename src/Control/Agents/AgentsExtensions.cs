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
        var groups = api.MapGroup("/agent-groups").WithTags("Fleet");
        groups.MapGet("", GroupEndpoints.ListAsync).WithName("ListAgentGroups").WithSummary("List agent groups").Needs(Rights.FleetRead);
        groups.MapPost("", GroupEndpoints.CreateAsync).WithName("CreateAgentGroup").WithSummary("Create an agent group").Needs(Rights.FleetWrite);
        groups.MapGet("/{group}", GroupEndpoints.GetAsync).WithName("GetAgentGroup").WithSummary("Read an agent group").Needs(Rights.FleetRead);
        groups.MapPut("/{group}", GroupEndpoints.UpdateAsync).WithName("UpdateAgentGroup").WithSummary("Replace an agent group's description").Needs(Rights.FleetWrite);
        groups.MapDelete("/{group}", GroupEndpoints.DeleteAsync).WithName("DeleteAgentGroup").WithSummary("Delete an empty agent group").Needs(Rights.FleetWrite);
        groups.MapPost("/{group}/enrolment-tokens", FleetEndpoints.CreateTokenAsync).WithName("CreateEnrolmentToken")
            .WithSummary("Make a one-time token by which an agent enrols").Needs(Rights.FleetWrite);

        var agents = api.MapGroup("/agents").WithTags("Fleet");
        agents.MapGet("", FleetEndpoints.ListAsync).WithName("ListAgents").WithSummary("List agents").Needs(Rights.FleetRead);
        agents.MapGet("/{id}", FleetEndpoints.GetAsync).WithName("GetAgent").WithSummary("Read an agent").Needs(Rights.FleetRead);
        agents.MapPut("/{id}", FleetEndpoints.UpdateAsync).WithName("UpdateAgent").WithSummary("Rename an agent").Needs(Rights.FleetWrite);
        agents.MapPost("/{id}/revoke", FleetEndpoints.RevokeAsync).WithName("RevokeAgent").WithSummary("Cut an agent off").Needs(Rights.FleetWrite);
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
