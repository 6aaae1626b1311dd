using Platform.Control.Access;
using Platform.Control.Agents;
using Platform.Control.Api;
using Platform.Control.ApiKeys;
using Platform.Control.Bootstrap;
using Platform.Control.Bus;
using Platform.Control.Catalog;
using Platform.Control.Data;
using Platform.Control.Delivery;
using Platform.Control.Identity;
using Platform.Control.Pools;
using Platform.Control.Projects;
using Platform.Control.Secrets;
using Platform.Control.Tenants;
using Platform.Control.Usage;
using Platform.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddPlatformDefaults("platform-control", BusMeter.Name, DeliveryMeter.Name, UsageMeter.Name);
builder.AddPlatformSecrets();
builder.AddData();
builder.AddAuthority();
builder.AddAccess();
builder.AddApi();
builder.Services.AddValidation();
builder.Services.AddApiKeys();
builder.AddControlBus();
builder.AddDelivery();
builder.AddAgents();
builder.AddUsage();
builder.AddBootstrap(args);

var app = builder.Build();
if (BootstrapExtensions.IsAsked(args))
    return await app.BootstrapAsync();
if (RebuildCommand.IsAsked(args))
    return await app.RebuildAsync();

app.UseProblems();
app.UseRateLimiter();
app.UseAuthentication();
app.UseAuthorization();
app.MapPlatformDefaults();
app.MapAuthority();
app.MapAgentApi();
var api = app.MapApi();
api.MapFleet();
api.MapTenants();
var tenant = api.MapTenant();
tenant.MapTenantItself();
tenant.MapProjects();
tenant.MapPools();
tenant.MapModels();
tenant.MapApiKeys();
tenant.MapUsage();
await app.RunAsync();
return 0;
