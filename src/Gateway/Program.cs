using Platform.Gateway.AccessLog;
using Platform.Gateway.Api;
using Platform.Gateway.Authentication;
using Platform.Gateway.Broker;
using Platform.Gateway.ClientCertificates;
using Platform.Gateway.Configuration;
using Platform.Gateway.Cors;
using Platform.Gateway.Delivery;
using Platform.Gateway.Edge;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Life;
using Platform.Gateway.Limits;
using Platform.Gateway.Listening;
using Platform.Gateway.Metering;
using Platform.Gateway.ModelList;
using Platform.Gateway.Peers;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;
using Platform.Hosting;
using Platform.Hosting.Telemetry;

namespace Platform.Gateway;

internal static class Program
{
    /// <summary>
    /// Settings hold while the agent runs. To follow <c>appsettings.json</c> the host would watch all that is below the
    /// directory that it was started in; the files that may change are followed each by itself.
    /// </summary>
    private const string StaySettings = "--hostBuilder:reloadConfigOnChange=false";

    public static Task Main(string[] args) => Build(args).RunAsync();

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder([StaySettings, .. args]);
        builder.AddPlatformDefaults("gateway", RequestTelemetry.OwnAlone, TelemetryNames.Source, TelemetryNames.Bus);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddRequestTelemetry();
        builder.AddAccessLog();
        builder.AddEnrolment();
        builder.AddConfigurationSnapshot();
        builder.AddBroker();
        builder.AddMetering();
        builder.AddDelivery();
        builder.AddClientCertificates();
        builder.AddKeyAuthentication();
        builder.AddPageOrigins();
        builder.AddEdge();
        builder.AddRouting();
        builder.AddForwarding();
        builder.AddPeers();
        builder.AddKeptAnswers();
        builder.AddLimits();
        builder.AddApi();
        builder.AddLife();
        builder.AddListening();

        var app = builder.Build();
        app.UseLife();
        app.UseAccessLog();
        app.UseApiErrors();
        app.UsePageOrigins();
        app.MapPlatformDefaults();
        app.MapApi();
        app.MapModelList();
        return app;
    }
}
