using System.Security.Cryptography;

namespace Platform.Control.Identity.Pages;

/// <summary>Headers of the sign-in pages: nothing from elsewhere, no scripts, no frames, no caching.</summary>
internal static class PageHeaders
{
    /// <returns>The nonce of the page's own style.</returns>
    public static string Set(HttpContext context, string? formTarget)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self' {formTarget}".TrimEnd()
            + "; frame-ancestors 'none'; base-uri 'none'";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return nonce;
    }
}
