using Platform.Gateway.AccessLog;
using Platform.Gateway.Api;
using Platform.Gateway.Authentication;
using Platform.Gateway.Broker;
using Platform.Gateway.Configuration;
using Platform.Gateway.Delivery;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Life;
using Platform.Gateway.Listening;
using Platform.Gateway.Metering;
using Platform.Gateway.ModelList;
using Platform.Gateway.Routing;
using Platform.Gateway.Telemetry;
using Platform.Hosting;
using Platform.Hosting.Telemetry;

namespace Platform.Gateway;

internal static class Program
{
    public static Task Main(string[] args) => Build(args).RunAsync();

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddPlatformDefaults("gateway", RequestTelemetry.OwnAlone, TelemetryNames.Source, TelemetryNames.Bus);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddRequestTelemetry();
        builder.AddAccessLog();
        builder.AddEnrolment();
        builder.AddConfigurationSnapshot();
        builder.AddBroker();
        builder.AddMetering();
        builder.AddDelivery();
        builder.AddKeyAuthentication();
        builder.AddRouting();
        builder.AddForwarding();
        builder.AddApi();
        builder.AddLife();
        builder.AddListening();

        var app = builder.Build();
        app.UseLife();
        app.UseAccessLog();
        app.UseApiErrors();
        app.MapPlatformDefaults();
        app.MapApi();
        app.MapModelList();
        return app;
    }
}
