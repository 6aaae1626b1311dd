using System.Diagnostics;
using Platform.Contracts.Ids;
using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Servers;
using Platform.Local.Stack;

namespace Platform.Local.Commands;

/// <summary><c>./platform up</c>: from nothing to an answered request. Doing it twice changes nothing.</summary>
public static class UpCommand
{
    public static async Task RunAsync(Home home, bool noBuild)
    {
        var clock = Stopwatch.StartNew();
        home.Create();
        using var only = home.Lock();
        await Backing.InstallAsync();
        using var platform = new LocalPlatform(home);
        if (platform.Processes.Find(ServiceNames.Control) is null)
            await platform.Apps.EnsureAsync(noBuild);
        platform.EnsureMasterKey();
        KeepOrRenewPorts(platform);
        platform.State.Save();
        Console.WriteLine("Starting PostgreSQL and RabbitMQ ...");
        await Task.WhenAll(platform.Backing.StartPostgresAsync(), platform.Backing.StartRabbitAsync());
        platform.State.Save();
        Console.WriteLine("Applying migrations ...");
        await platform.MigrateAsync();
        Console.WriteLine("Starting Control, Portal, two agents and four simulated workers ...");
        var demo = await StartAsync(platform);
        Print(demo, platform, clock.Elapsed);
        await DemoChat.SayAsync(demo, "Say hello to a new platform.");
    }

    private static void KeepOrRenewPorts(LocalPlatform platform)
    {
        platform.Backing.ChoosePorts();
        foreach (var name in new[] { ServiceNames.Control, ServiceNames.Portal }.Concat(ServiceNames.Gateways))
        {
            if (platform.Processes.Find(name) is null)
                platform.State.RenewIfTaken(name);
            platform.State.Port(name);
        }
        foreach (var worker in ServiceNames.Workers.Where(w => platform.Processes.Find(w) is null))
        {
            // A pool's endpoints have the workers' addresses; there is nothing yet that would change them.
            if (!FreePorts.IsFree(platform.State.Port(worker)))
                throw new LocalException($"Port {platform.State.Port(worker)} of {worker} was taken by another program: stop that one, or start over with ./platform down --purge.");
        }
    }

    private static async Task<DemoFile> StartAsync(LocalPlatform platform)
    {
        var state = platform.State;
        var (operatorLogin, admin, automation) = platform.Specs.Logins();
        Directory.CreateDirectory(Path.Combine(platform.Home.Directory, "workers"));
        foreach (var worker in ServiceNames.Workers.Where(w => platform.Processes.Find(w) is null))
            platform.Launch(worker);
        var tenant = new DemoTenant(await platform.BootstrapAsync(operatorLogin, admin, automation), "acme");
        state.Save();
        await platform.StartAsync(ServiceNames.Control);
        var key = await SeedAsync(platform, new(tenant.Id), automation);
        await Task.WhenAll(ServiceNames.Gateways.Concat(ServiceNames.Workers).Append(ServiceNames.Portal).Select(platform.StartAsync));
        state.Save();
        var demo = new DemoFile(
            [.. ServiceNames.Gateways.Select(platform.Specs.Url)],
            platform.Specs.Url(ServiceNames.Control),
            platform.Specs.Url(ServiceNames.Portal),
            operatorLogin,
            tenant,
            admin,
            key,
            automation);
        demo.Save(platform.Home);
        return demo;
    }

    /// <returns>The demo's API key: the one from before, or a fresh one.</returns>
    private static async Task<string> SeedAsync(LocalPlatform platform, TenantId tenant, DemoClient automation)
    {
        using var api = await ControlApi.SignInAsync(platform.Specs.Url(ServiceNames.Control), automation, platform.Specs.Authority);
        var seed = new DemoSeed(api);
        var workers = ServiceNames.Workers.Select(platform.Specs.Url).ToList();
        await seed.ModelAsync(DemoSeed.SmallModel, workers[..^1], platform.State.Secret("worker"));
        await seed.ModelAsync(DemoSeed.LargeModel, workers[^1..], platform.State.Secret("worker"));
        foreach (var gateway in ServiceNames.Gateways.Where(g => !platform.Specs.IsEnrolled(g)))
        {
            Home.MakeDirectory(Path.Combine(platform.Home.Directory, gateway));
            Home.WriteSecret(platform.Specs.EnrolmentTokenFile(gateway), await seed.EnrolmentTokenAsync());
        }
        if (!platform.State.Has("api-key") || !await seed.IsKeyLiveAsync(tenant, platform.State.Secret("api-key")))
        {
            var project = await seed.ProjectAsync(tenant, "demo");
            platform.State.Set("api-key", await seed.KeyAsync(tenant, project, "demo"));
            platform.State.Save();
        }
        return platform.State.Secret("api-key");
    }

    private static void Print(DemoFile demo, LocalPlatform platform, TimeSpan elapsed) => Console.WriteLine($"""

        The platform is up ({elapsed.TotalSeconds:0} s). The GPUs are simulated; everything else is real.

          Portal      {demo.PortalUrl}
                      tenant admin  {demo.Admin.Email}  {demo.Admin.Password}
                      operator      {demo.Operator.Email}  {demo.Operator.Password}
          Sign-in     {platform.Specs.Authority}
          Control     {demo.ControlUrl}  (API description: {new Uri(demo.ControlUrl, "/openapi/v1.json")})
          Gateways    {string.Join("  ", demo.GatewayUrls.Select(u => new Uri(u, "/v1")))}
          API key     {demo.ApiKey}

        The same in {platform.Home.DemoFile}. Stop with ./platform down.

        """);
}
