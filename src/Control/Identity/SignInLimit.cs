using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Platform.Control.Access;

namespace Platform.Control.Identity;

/// <summary>Sign-in attempts for each address, in a fixed number of buckets: an IPv6 network (/64) counts as one address.</summary>
internal static class SignInLimit
{
    public const string Policy = "sign-in";

    /// <summary>For pages whose GETs do work too: twice as many of all methods.</summary>
    public const string EveryCall = "sign-in-every-call";

    private const int Buckets = 4096;

    public static void AddSignInLimit(this IServiceCollection services) => services.AddRateLimiter(o =>
    {
        o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        o.AddPolicy(Policy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(BucketOf(context.Connection.RemoteIpAddress), _ => new()
            {
                PermitLimit = context.RequestServices.GetRequiredService<IdentitySettings>().SignInsPerMinute,
                Window = TimeSpan.FromMinutes(1),
            })
            : RateLimitPartition.GetNoLimiter(-1));
        o.AddPolicy(EveryCall, context => RateLimitPartition.GetFixedWindowLimiter(BucketOf(context.Connection.RemoteIpAddress), _ => new()
        {
            PermitLimit = 2 * context.RequestServices.GetRequiredService<IdentitySettings>().SignInsPerMinute,
            Window = TimeSpan.FromMinutes(1),
        }));
    });

    private static int BucketOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        var hash = new HashCode();
        hash.AddBytes(address.AddressFamily == AddressFamily.InterNetworkV6 && bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
        return (int)((uint)hash.ToHashCode() % Buckets);
    }
}
