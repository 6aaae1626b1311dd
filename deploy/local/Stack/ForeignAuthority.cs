using Platform.Local.Demo;

namespace Platform.Local.Stack;

/// <summary>
/// An OpenID Connect server in the place of Control's own, as <c>PLATFORM_AUTHORITY</c> and the variables beside it say: its
/// clients for the portal and for automation, and the <c>sub</c> of the operator and of the demo tenant's admin.
/// </summary>
/// <param name="Automation">Its tokens' <c>sub</c> is the client id.</param>
public sealed record ForeignAuthority(Uri Issuer, DemoClient Portal, DemoClient Automation, string Operator, string Admin)
{
    private const string Variable = "PLATFORM_AUTHORITY";

    /// <summary>Null where Control is the authority.</summary>
    public static ForeignAuthority? FromEnvironment()
    {
        if (Read("") is not { } issuer)
            return null;
        return Uri.TryCreate(issuer, UriKind.Absolute, out var address)
            ? new(address, Client("_PORTAL"), Client("_AUTOMATION"), Needed("_OPERATOR"), Needed("_ADMIN"))
            : throw new LocalException($"{Variable} must be the address of an OpenID Connect issuer.");
    }

    private static DemoClient Client(string name) => Needed(name).Split(':', 2) is [{ Length: > 0 } id, { Length: > 0 } secret]
        ? new(id, secret)
        : throw new LocalException($"{Variable}{name} must be a client of {Variable}, as id:secret.");

    private static string Needed(string name) => Read(name) ?? throw new LocalException($"{Variable} needs {Variable}{name} beside it.");

    private static string? Read(string name) => Environment.GetEnvironmentVariable(Variable + name) is { Length: > 0 } value ? value : null;
}
