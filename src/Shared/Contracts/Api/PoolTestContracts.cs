using Platform.Contracts.Ids;

namespace Platform.Contracts.Api;

/// <summary>The answer to POST /api/v1/tenants/{tenantId}/pools/{poolId}/test.</summary>
/// <param name="Endpoints">The first ten of the pool, in the order of their creation; empty in a dry run.</param>
public sealed record PoolTestAnswer(IReadOnlyList<EndpointTestAnswer> Endpoints);

/// <param name="Reachable">Whether it answered at all, whatever it said.</param>
/// <param name="Kind">One of <see cref="EndpointTestKinds"/>.</param>
/// <param name="Status">The HTTP status that it answered with; null where it did not answer.</param>
/// <param name="Models">How many models it lists; 0 also where its answer is no list of models.</param>
/// <param name="Milliseconds">Until the answer, or until it failed; 0 for <see cref="EndpointTestKinds.Unreachable"/>.</param>
public sealed record EndpointTestAnswer(EndpointId Id, bool Reachable, string Kind, int? Status, int Models, long Milliseconds);

/// <summary>What came of a request to an endpoint.</summary>
public static class EndpointTestKinds
{
    public const string Ok = "ok";

    /// <summary>The host's name was not found, or it has no address that a tenant's endpoint may have; operators hear which.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The host's name was not found. Said to operators only.</summary>
    public const string Dns = "dns";

    /// <summary>The host has no address that a tenant's endpoint may have. Said to operators only.</summary>
    public const string RefusedAddress = "refused_address";

    public const string Connect = "connect";
    public const string Tls = "tls";
    public const string Timeout = "timeout";

    /// <summary>401 or 403: the provider key is missing or wrong.</summary>
    public const string Unauthorized = "unauthorized";

    /// <summary>Any other status that is not a success.</summary>
    public const string HttpError = "http_error";

    /// <summary>Redirects are not followed.</summary>
    public const string Redirect = "redirect";
}
