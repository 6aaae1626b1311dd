using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.ApiKeys;
using Platform.Control.Bootstrap;
using Platform.Control.Catalog;
using Platform.Control.Data;
using Platform.Control.Identity;
using Platform.Control.Pools;
using Platform.Control.Projects;
using Platform.Control.Secrets;
using Platform.Control.Tenants;
using Platform.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddPlatformDefaults("platform-control");
builder.AddPlatformSecrets();
builder.AddData();
builder.AddAuthority();
builder.AddAccess();
builder.AddApi();
builder.Services.AddValidation();
builder.Services.AddApiKeys();
builder.AddBootstrap(args);

var app = builder.Build();
if (BootstrapExtensions.IsAsked(args))
    return await app.BootstrapAsync();

app.UseProblems();
app.UseRateLimiter();
app.UseAuthentication();
app.UseAuthorization();
app.MapPlatformDefaults();
app.MapAuthority();
var api = app.MapApi();
api.MapTenants();
var tenant = api.MapTenant();
tenant.MapTenantItself();
tenant.MapProjects();
tenant.MapPools();
tenant.MapModels();
tenant.MapApiKeys();
await app.RunAsync();
return 0;
