namespace Platform.Portal.Layout;

/// <summary>What a browser is told not to do, on every answer.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, PortalSettings settings)
{
    // MudBlazor writes its theme and positions into style attributes and elements, hence 'unsafe-inline' for styles.
    // 'self' covers the circuit's WebSocket (CSP level 3). Signing out posts a form that is redirected to the authority.
    private readonly string _policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; base-uri 'self'; "
        + $"form-action 'self' {settings.Authority!.GetLeftPart(UriPartial.Authority)}";

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = _policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }
}
