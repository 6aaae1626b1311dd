using Platform.Hosting;
using Platform.Hosting.Settings;
using Platform.Portal;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;
using Platform.Portal.Session;
using Platform.Portal.Usage;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = PublishedOutput.Root });
builder.AddPlatformDefaults("portal");
builder.AddSettings<PortalSettings>("Portal");
builder.AddSession();
builder.AddControlApi();
builder.AddPages();

var app = builder.Build();
app.UseBrowserDefences();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapPlatformDefaults();
app.MapSession();
app.MapUsage();
app.MapPages();
await app.RunAsync();
