using Platform.Control.Data.Entities;

namespace Platform.Control.Identity;

/// <summary>Where a request comes from, cut to what is stored.</summary>
internal sealed record ClientAddress(string? Address, string? UserAgent)
{
    public static ClientAddress Of(HttpContext? context)
    {
        var agent = context?.Request.Headers.UserAgent.ToString();
        var address = context?.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context?.Connection.RemoteIpAddress;
        return new(address?.ToString(), string.IsNullOrWhiteSpace(agent) ? null : Clean(agent));
    }

    /// <summary>PostgreSQL stores no NUL, and nobody should have to look at control characters.</summary>
    private static string Clean(string agent) =>
        string.Concat(agent.Take(SessionRow.MaxUserAgent).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
