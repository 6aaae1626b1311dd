using System.Globalization;
using Platform.Local.Build;
using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Servers;

namespace Platform.Local.Stack;

/// <summary>How each program is started: its settings in environment variables, no secret on a command line.</summary>
public sealed class ServiceSpecs(Home home, LocalState state, Backing backing, PublishedApps apps, ArmAgent arm)
{
    private const string PortalClientId = "portal";

    private readonly ForeignAuthority? _foreign = ForeignAuthority.FromEnvironment();

    /// <summary>Who signs people and programs in: Control, or the server that the environment names.</summary>
    public Uri Authority => _foreign?.Issuer ?? Url(ServiceNames.Control);

    public Uri Url(string service) => new($"http://localhost:{state.Port(service)}");

    public string WorkerLog(string worker) => Path.Combine(home.Directory, "workers", worker + ".jsonl");

    public string EnrolmentTokenFile(string gateway) => Path.Combine(home.Directory, gateway, "enrolment-token");

    /// <summary>What the agent takes for <c>/sys</c> when it runs as BlueField's.</summary>
    public string SysfsRoot(string gateway) => Path.Combine(home.Directory, gateway, "sysfs");

    public bool IsEnrolled(string gateway) => File.Exists(Path.Combine(home.Directory, gateway, "data", "identity.json"));

    public ProcessSpec For(string service) => service switch
    {
        ServiceNames.Control => Web(service, "Control", ControlEnvironment()),
        ServiceNames.Portal => Web(service, "Portal", PortalEnvironment()),
        ServiceNames.ArmGateway => Web(service, "Gateway", ArmEnvironment(service)) with { Command = arm.Command, WorkingDirectory = arm.Directory },
        _ when service.StartsWith("gateway-", StringComparison.Ordinal) => Web(service, "Gateway", GatewayEnvironment(service)),
        _ when service.StartsWith("worker-", StringComparison.Ordinal) => Worker(service),
        _ => throw new LocalException($"There is no service '{service}'."),
    };

    /// <summary>Settings of <c>migrations</c>: the owner's connection and the logins to make.</summary>
    public Dictionary<string, string> MigrationsEnvironment(string ownerConnection)
    {
        var environment = DatabaseEnvironment();
        environment["Database__Owner"] = ownerConnection;
        AddBroker(environment, "owner");
        return environment;
    }

    public Dictionary<string, string> ControlEnvironment()
    {
        var environment = DatabaseEnvironment();
        environment["Control__PublicUrl"] = Trim(Url(ServiceNames.Control));
        environment["Secrets__MasterKeyFile"] = Path.Combine(home.Directory, "master.key");
        environment["Email__Folder"] = home.MailDirectory;
        if (_foreign is not null)
            environment["Identity__Authority"] = _foreign.Issuer.OriginalString;
        AddBroker(environment, "control");
        if (backing.Broker().Management is { } management)
        {
            environment["Broker__ManagementUrl"] = Trim(management);
            environment["Broker__ManagementUser"] = backing.BrokerLogin("management").User;
            environment["Broker__ManagementPassword"] = backing.BrokerLogin("management").Password;
        }
        else
        {
            environment["Broker__AgentUser"] = backing.BrokerLogin("control").User;
            environment["Broker__AgentPassword"] = backing.BrokerLogin("control").Password;
        }
        return environment;
    }

    /// <summary>What <c>Control bootstrap</c> reads: the first users and clients. Another server's users are known by their <c>sub</c>.</summary>
    public object Bootstrap(DemoLogin operatorLogin, DemoLogin admin, DemoClient automation) => _foreign is not null
        ? new
        {
            @operator = new { subject = _foreign.Operator },
            automation = new { clientId = automation.ClientId, clientSecret = automation.ClientSecret },
            tenant = new { name = "Acme", slug = "acme", group = "default", adminSubject = _foreign.Admin },
        }
        : new
        {
            portal = new { clientId = PortalClientId, clientSecret = state.Secret("portal-client"), baseUrl = Trim(Url(ServiceNames.Portal)) },
            @operator = new { email = operatorLogin.Email, password = operatorLogin.Password },
            automation = new { clientId = automation.ClientId, clientSecret = automation.ClientSecret },
            tenant = new { name = "Acme", slug = "acme", group = "default", adminEmail = admin.Email, adminPassword = admin.Password },
        };

    /// <summary>The logins of the operator, the demo tenant's admin and automation; another server's people have no password here.</summary>
    public (DemoLogin Operator, DemoLogin Admin, DemoClient Automation) Logins() => _foreign is not null
        ? (new(_foreign.Operator, ""), new(_foreign.Admin, ""), _foreign.Automation)
        : (new("operator@example.com", state.Secret("operator")), new("admin@acme.example.com", state.Secret("admin")), new("demo-automation", state.Secret("automation")));

    private static string Trim(Uri url) => url.ToString().TrimEnd('/');

    private ProcessSpec Web(string service, string app, Dictionary<string, string> environment)
    {
        environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{state.Port(service)}";
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["DOTNET_gcServer"] = "0";
        var ready = service == ServiceNames.Portal ? "/healthz" : "/readyz";
        var folder = Path.Combine(home.AppDirectory, app);
        return new(service, apps.Command(app), environment, new($"http://127.0.0.1:{state.Port(service)}{ready}"), folder);
    }

    private ProcessSpec Worker(string service)
    {
        var scale = Environment.GetEnvironmentVariable("PLATFORM_TIME_SCALE") is { Length: > 0 } given ? given : "1";
        var large = service == ServiceNames.Workers[^1];
        return new(
            service,
            apps.Command(
                "GpuWorker",
                "--port", state.Port(service).ToString(CultureInfo.InvariantCulture),
                "--model", large ? DemoSeed.LargeModel : DemoSeed.SmallModel,
                "--profile", large ? "70b-tp4-h100" : "8b-h100",
                "--time-scale", scale,
                "--log", WorkerLog(service)),
            new Dictionary<string, string> { ["GPUWORKER_API_KEY"] = state.Secret("worker") },
            new($"http://127.0.0.1:{state.Port(service)}/health"),
            Path.Combine(home.AppDirectory, "GpuWorker"));
    }

    private Dictionary<string, string> GatewayEnvironment(string service) => new()
    {
        ["Agent__Name"] = service,
        ["Agent__HostKind"] = "server",
        ["Agent__DataDirectory"] = Path.Combine(home.Directory, service, "data"),
        ["Agent__ControlUrl"] = Trim(Url(ServiceNames.Control)),
        ["Agent__EnrolmentTokenFile"] = EnrolmentTokenFile(service),
        // No balancer is in front of a demo's agents.
        ["Agent__NoticeSeconds"] = "0",
    };

    /// <summary>It finds out itself what machine it is on.</summary>
    private Dictionary<string, string> ArmEnvironment(string service)
    {
        var environment = GatewayEnvironment(service);
        environment.Remove("Agent__HostKind");
        environment["Agent__SysfsRoot"] = SysfsRoot(service);
        return environment;
    }

    private Dictionary<string, string> PortalEnvironment()
    {
        var environment = new Dictionary<string, string>
        {
            ["Portal__Authority"] = _foreign?.Issuer.OriginalString ?? Trim(Url(ServiceNames.Control)),
            ["Portal__ControlUrl"] = Trim(Url(ServiceNames.Control)),
            ["Portal__ClientId"] = _foreign?.Portal.ClientId ?? PortalClientId,
            ["Portal__ClientSecret"] = _foreign?.Portal.ClientSecret ?? state.Secret("portal-client"),
            ["Portal__DataDirectory"] = Path.Combine(home.Directory, "portal"),
        };
        for (var i = 0; i < ServiceNames.Gateways.Count; i++)
            environment[$"Portal__GatewayUrls__{i}"] = Trim(Url(ServiceNames.Gateways[i]));
        return environment;
    }

    private Dictionary<string, string> DatabaseEnvironment() => new()
    {
        ["Database__Tenant"] = Login("tenant"),
        ["Database__Platform"] = Login("control"),
        ["Database__Ingest"] = Login("ingest"),
    };

    private string Login(string role) =>
        DatabaseSetup.For(backing.Superuser, backing.DatabaseName, backing.Role(role), state.Secret($"database-{role}"));

    private void AddBroker(Dictionary<string, string> environment, string purpose)
    {
        var broker = backing.Broker();
        var (user, password) = backing.BrokerLogin(purpose);
        environment["Broker__Host"] = broker.Host;
        environment["Broker__Port"] = broker.Port.ToString(CultureInfo.InvariantCulture);
        environment["Broker__VirtualHost"] = broker.VirtualHost;
        environment["Broker__User"] = user;
        environment["Broker__Password"] = password;
        environment["Broker__Tls"] = Backing.BrokerUsesTls ? "true" : "false";
    }
}
