using System.Buffers;

namespace Platform.Gateway.Cors;

internal static class CorsFeature
{
    /// <summary>Seconds for which a browser need not ask again.</summary>
    private const string MaxAge = "600";

    private const string Methods = "GET, POST";

    private const int MaxHeadersLength = 4096;

    /// <summary>Characters of tokens (RFC 9110, 5.6.2) and of a list of them.</summary>
    private static readonly SearchValues<char> ListCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ, ");

    /// <summary>Pages that call: those of the origins that a tenant allows, with that tenant's keys.</summary>
    public static void AddPageOrigins(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<CorsOrigins>();

    /// <summary>
    /// Answers preflights, which carry no key, and prepares the answers to all other requests of pages. Cookies mean nothing
    /// here, so that credentials (Fetch standard, 3.2.3) are never allowed.
    /// </summary>
    public static void UsePageOrigins(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<CorsOrigins>();
        app.Use(next => context =>
        {
            if (context.Request.Headers.Origin.Count == 0)
                return next(context);
            var origin = context.Request.Headers.Origin.ToString();
            if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.AccessControlRequestMethod.Count > 0)
            {
                AnswerPreflight(context, origin, origins);
                return Task.CompletedTask;
            }
            CorsAnswer.Begin(context, origin);
            return next(context);
        });
    }

    /// <summary>Without the headers the browser refuses by itself.</summary>
    private static void AnswerPreflight(HttpContext context, string origin, CorsOrigins origins)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        var headers = context.Response.Headers;
        headers.Vary = "origin, access-control-request-headers";
        if (!origins.MayBeAllowed(origin))
            return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlMaxAge = MaxAge;
        var asked = context.Request.Headers.AccessControlRequestHeaders.ToString();
        if (asked.Length is > 0 and <= MaxHeadersLength && !asked.AsSpan().ContainsAnyExcept(ListCharacters))
            headers.AccessControlAllowHeaders = asked;
    }
}
