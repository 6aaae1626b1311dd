using Platform.Contracts.Api;

namespace Platform.Control.OpenAiAdmin;

/// <summary>What OpenAI calls our events; one that it has no name for keeps ours.</summary>
internal static class OpenAiEventTypes
{
    public const string SignIn = "sign-in";
    public const string LoginSucceeded = "login.succeeded";
    public const string LoginFailed = "login.failed";

    private static readonly Dictionary<string, string> ByAction = new()
    {
        ["api-key.create"] = "api_key.created",
        ["api-key.update"] = "api_key.updated",
        ["api-key.rotate"] = "api_key.updated",
        ["api-key.revoke"] = "api_key.deleted",
        ["project.create"] = "project.created",
        ["project.update"] = "project.updated",
        ["project.delete"] = "project.archived",
        ["invitation.create"] = "invite.sent",
        ["invitation.accept"] = "invite.accepted",
        ["invitation.revoke"] = "invite.deleted",
        ["membership.add"] = "user.added",
        ["member.add"] = "user.added",
        ["member.update"] = "user.updated",
        ["member.remove"] = "user.deleted",
        ["member.leave"] = "user.deleted",
        ["tenant.update"] = "organization.updated",
        ["service-client.create"] = "service_account.created",
        ["service-client.update"] = "service_account.updated",
        ["service-client.rotate"] = "service_account.updated",
        ["service-client.delete"] = "service_account.deleted",
        ["quota.create"] = "rate_limit.updated",
        ["quota.update"] = "rate_limit.updated",
        ["quota.delete"] = "rate_limit.deleted",
    };

    private static readonly ILookup<string, string> ByType = ByAction.ToLookup(p => p.Value, p => p.Key);

    /// <summary>A sign-in is named by how it ended.</summary>
    public static string Of(string action, string outcome) =>
        ByAction.GetValueOrDefault(action)
        ?? (!action.StartsWith(SignIn, StringComparison.Ordinal) ? action : outcome == AuditOutcomes.Success ? LoginSucceeded : LoginFailed);

    /// <summary>Our actions behind a type; the type itself where it is one of ours.</summary>
    public static IEnumerable<string> ActionsOf(string type) => ByType[type] is var actions && actions.Any() ? actions : [type];
}
