using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Contracts.Api;

/// <summary>POST /v1/organization/projects, and on one of them.</summary>
public sealed record OpenAiProjectRequest
{
    [JsonPropertyName("name"), Required, StringLength(100, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

/// <summary>A page in the shape of OpenAI's lists: the next one begins <c>after</c> the last id.</summary>
public sealed record OpenAiList<T>(
    [property: JsonPropertyName("data")] IReadOnlyList<T> Data,
    [property: JsonPropertyName("first_id")] string? FirstId,
    [property: JsonPropertyName("last_id")] string? LastId,
    [property: JsonPropertyName("has_more")] bool HasMore)
{
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "list";
}

/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="ArchivedAt">Unix seconds; null while it is active.</param>
/// <param name="Status"><c>active</c> or <c>archived</c>.</param>
public sealed record OpenAiProject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("created_at")] long CreatedAt,
    [property: JsonPropertyName("archived_at")] long? ArchivedAt,
    [property: JsonPropertyName("status")] string Status)
{
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "organization.project";
}

/// <param name="RedactedValue">The key's public prefix.</param>
/// <param name="OwnerProjectAccess"><c>active</c> while who made it is a member.</param>
public sealed record OpenAiApiKey(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("redacted_value")] string RedactedValue,
    [property: JsonPropertyName("created_at")] long CreatedAt,
    [property: JsonPropertyName("last_used_at")] long? LastUsedAt,
    [property: JsonPropertyName("expires_at")] long? ExpiresAt,
    [property: JsonPropertyName("owner_project_access")] string OwnerProjectAccess,
    [property: JsonPropertyName("owner")] OpenAiKeyOwner Owner)
{
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "organization.project.api_key";
}

/// <param name="Type"><c>user</c> or <c>service_account</c>; the member of that name says who.</param>
public sealed record OpenAiKeyOwner(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("user"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OpenAiKeyOwnerUser? User,
    [property: JsonPropertyName("service_account"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OpenAiKeyOwnerAccount? ServiceAccount);

public sealed record OpenAiKeyOwnerUser(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("email")] string Email,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("created_at")] long CreatedAt,
    [property: JsonPropertyName("role")] string Role);

public sealed record OpenAiKeyOwnerAccount(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("created_at")] long CreatedAt,
    [property: JsonPropertyName("role")] string Role);

public sealed record OpenAiDeletedKey([property: JsonPropertyName("id")] string Id)
{
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "organization.project.api_key.deleted";

    [JsonPropertyName("deleted")]
    public bool Deleted { get; init; } = true;
}

/// <param name="Type">OpenAI's name of the event where there is one, else ours.</param>
/// <param name="EffectiveAt">Unix seconds.</param>
public sealed record OpenAiAuditLog(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("effective_at")] long EffectiveAt,
    [property: JsonPropertyName("project"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OpenAiAuditProject? Project,
    [property: JsonPropertyName("actor")] OpenAiAuditActor Actor)
{
    /// <summary>A member that is called as the type.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Payload { get; init; } = new Dictionary<string, JsonElement>();
}

public sealed record OpenAiAuditProject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name);

/// <param name="Type"><c>session</c> for people, <c>api_key</c> for programs.</param>
public sealed record OpenAiAuditActor(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("session"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OpenAiAuditSession? Session,
    [property: JsonPropertyName("api_key"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OpenAiAuditKey? ApiKey);

public sealed record OpenAiAuditSession(
    [property: JsonPropertyName("user")] OpenAiAuditUser User,
    [property: JsonPropertyName("ip_address")] string? IpAddress);

public sealed record OpenAiAuditUser([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("email")] string? Email);

public sealed record OpenAiAuditKey(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("service_account")] OpenAiAuditAccount ServiceAccount);

public sealed record OpenAiAuditAccount([property: JsonPropertyName("id")] string Id);

/// <summary>A failure in OpenAI's shape.</summary>
public sealed record OpenAiErrorAnswer([property: JsonPropertyName("error")] OpenAiError Error);

/// <param name="Param">The path of the member that is wrong.</param>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
public sealed record OpenAiError(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("param")] string? Param,
    [property: JsonPropertyName("code")] string? Code);
