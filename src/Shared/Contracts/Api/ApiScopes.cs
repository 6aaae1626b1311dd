namespace Platform.Contracts.Api;

/// <summary>Scopes of a tenant's service clients: what a token may be used for within its client's role.</summary>
public static class ApiScopes
{
    /// <summary>Everything that the role may do.</summary>
    public const string All = "platform.api";

    /// <summary>Reading only.</summary>
    public const string Read = "platform.api.read";

    /// <summary>Usage and its exports only.</summary>
    public const string Usage = "platform.api.usage";
}
