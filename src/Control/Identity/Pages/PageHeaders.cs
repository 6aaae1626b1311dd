using System.Security.Cryptography;

namespace Platform.Control.Identity.Pages;

/// <summary>Headers of the sign-in and account pages: nothing from elsewhere, no frames, no caching, and a script only where one is needed.</summary>
internal static class PageHeaders
{
    /// <param name="script">True where the page loads a script of ours.</param>
    /// <returns>The nonce of the page's own style.</returns>
    public static string Set(HttpContext context, string? formTarget, bool script)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self' {formTarget}".TrimEnd()
            + (script ? "; script-src 'self'; connect-src 'self'" : "")
            + "; frame-ancestors 'none'; base-uri 'none'";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return nonce;
    }
}
