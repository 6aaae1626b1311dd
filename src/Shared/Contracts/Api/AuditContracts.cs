namespace Platform.Contracts.Api;

/// <summary>Who acts in an audit event.</summary>
public static class ActorKinds
{
    public const string User = "user";
    public const string Client = "client";
    public const string Agent = "agent";

    /// <summary>An operator inside a tenant, by a token that was exchanged for it.</summary>
    public const string Operator = "operator";

    /// <summary>The platform itself: bootstrap, jobs.</summary>
    public const string System = "system";
}

public static class AuditOutcomes
{
    public const string Success = "success";

    /// <summary>Refused for want of rights.</summary>
    public const string Denied = "denied";

    /// <summary>Tried and failed, for example a wrong password.</summary>
    public const string Failed = "failed";
}
