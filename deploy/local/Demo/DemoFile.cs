using System.Text.Json;

namespace Platform.Local.Demo;

public sealed record DemoLogin(string Email, string Password);

public sealed record DemoTenant(Guid Id, string Slug);

public sealed record DemoClient(string ClientId, string ClientSecret);

/// <summary><c>.platform/demo.json</c>: where everything is and how to get in. Readable by its owner only.</summary>
public sealed record DemoFile(
    IReadOnlyList<Uri> GatewayUrls,
    Uri ControlUrl,
    Uri PortalUrl,
    DemoLogin Operator,
    DemoTenant Tenant,
    DemoLogin Admin,
    string ApiKey,
    DemoClient Automation,
    string MailFolder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static DemoFile? Load(Home home) =>
        File.Exists(home.DemoFile) ? JsonSerializer.Deserialize<DemoFile>(File.ReadAllText(home.DemoFile), Json) : null;

    public void Save(Home home) => Home.WriteSecret(home.DemoFile, JsonSerializer.Serialize(this, Json) + "\n");
}
