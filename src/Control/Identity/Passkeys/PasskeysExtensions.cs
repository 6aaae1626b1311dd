using Microsoft.AspNetCore.Identity;

namespace Platform.Control.Identity.Passkeys;

internal static class PasskeysExtensions
{
    public const string ScriptPath = "/identity/passkeys.js";

    private const string Required = "required";

    public static void AddPasskeys(this IServiceCollection services, ControlSettings control)
    {
        services.AddScoped<UserPasskeys>();
        var origin = control.Issuer.GetLeftPart(UriPartial.Authority);
        services.Configure<IdentityPasskeyOptions>(o =>
        {
            o.ServerDomain = control.Issuer.Host;
            o.UserVerificationRequirement = Required;
            o.ResidentKeyRequirement = Required;
            o.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && context.Origin == origin);
        });
    }

    /// <summary>The script of the pages that know passkeys; the only one there is.</summary>
    public static void MapPasskeyScript(this IEndpointRouteBuilder routes)
    {
        using var stream = typeof(PasskeysExtensions).Assembly.GetManifestResourceStream("passkeys.js")
            ?? throw new InvalidOperationException("The script is not in the assembly.");
        using var reader = new StreamReader(stream);
        var script = reader.ReadToEnd();
        routes.MapGet(ScriptPath, (HttpContext context) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Text(script, "text/javascript; charset=utf-8");
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
