namespace Platform.Contracts.Api;

/// <summary>How somebody gets a tenant of their own.</summary>
public static class SignUpModes
{
    public const string Off = "off";
    public const string Approval = "approval";
    public const string Open = "open";
}

public static class SignUpStates
{
    public const string Pending = "pending";
    public const string Approved = "approved";
    public const string Refused = "refused";
}
