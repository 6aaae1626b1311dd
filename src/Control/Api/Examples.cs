using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Contracts.Ids;

namespace Platform.Control.Api;

/// <summary>
/// Example values for the API's description, made from the types: what a member is called says what it may hold. A test
/// sends each example of a request body through validation.
/// </summary>
internal static class Examples
{
    private const int MaxDepth = 8;
    private const string Id = "01965d3a-7c1e-7b42-9f7e-3f0a5b1c2d3e";
    private const string Pem = "-----BEGIN CERTIFICATE-----\nMIIBszCC\n-----END CERTIFICATE-----\n";
    private const string Instant = "2026-01-31T12:00:00+00:00";

    /// <summary>By the member's name in JSON; for texts, numbers and lists of them.</summary>
    private static readonly Dictionary<string, JsonNode> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = "example",
        ["tenantName"] = "Acme",
        ["slug"] = "acme",
        ["tenantSlug"] = "acme",
        ["group"] = "default",
        ["signUpGroup"] = "default",
        ["email"] = "person@example.com",
        ["role"] = "developer",
        ["defaultRole"] = "developer",
        ["operatorRole"] = "operator",
        ["url"] = "https://models.example.com",
        ["issuer"] = "https://login.example.com",
        ["domain"] = "example.com",
        ["engine"] = "vllm",
        ["model"] = "llama-3.1-8b-instruct",
        ["upstreamModel"] = "meta-llama/Llama-3.1-8B-Instruct",
        ["currency"] = "USD",
        ["window"] = "month",
        ["timeZone"] = "Europe/Berlin",
        ["scope"] = "tenant",
        ["setBy"] = "tenant",
        ["phase"] = "input",
        ["action"] = "block",
        ["type"] = "email",
        ["signUpMode"] = "approval",
        ["state"] = "pending",
        ["sort"] = "name",
        ["bucket"] = "day",
        ["groupsClaim"] = "groups",
        ["onDisconnect"] = "finish",
        ["certificate"] = Pem,
        ["privateKey"] = "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\n",
        ["subject"] = "CN=gateway.example.com",
        ["thumbprint"] = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        ["nextCursor"] = "eyJTb3J0IjpudWxsfQ",
    };

    /// <summary>Where a member means something else in one type than in the others.</summary>
    private static readonly Dictionary<string, Func<JsonNode>> ByTypeAndName = new(StringComparer.Ordinal)
    {
        ["CreateOperatorRequest.Role"] = () => "operator",
        ["OperatorRequest.Role"] = () => "operator",
        ["OperatorAnswer.Role"] = () => "operator",
        ["ModelRouting.HedgeAfterMs"] = () => 500,
    };

    private static readonly Dictionary<string, Func<JsonNode>> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ipRanges"] = () => new JsonArray("192.0.2.0/24"),
        ["allowedNetworks"] = () => new JsonArray("10.20.0.0/16"),
        ["allowedModels"] = () => new JsonArray("llama-3.1-8b-instruct"),
        ["models"] = () => new JsonArray("llama-3.1-8b-instruct"),
        ["aliases"] = () => new JsonArray("llama"),
        ["thresholds"] = () => new JsonArray(50, 80, 100),
        ["scopes"] = () => new JsonArray("platform.api.read"),
        ["corsOrigins"] = () => new JsonArray("https://app.example.com"),
        ["operations"] = () => new JsonArray("chat", "embeddings"),
        ["trustedAuthorities"] = () => new JsonArray(Pem),
        ["clientAuthorities"] = () => new JsonArray(Pem),
        ["roles"] = () => new JsonArray("user"),
    };

    /// <summary>Null where no example makes sense, for example for a stream.</summary>
    public static JsonNode? Of(Type type) => Of(type, "", 0);

    private static JsonNode? Of(Type type, string name, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (depth > MaxDepth || type == typeof(void))
            return null;
        if (Simple(type, name) is { } simple)
            return simple;
        if (type.IsGenericType && type.GetInterfaces().Append(type).FirstOrDefault(IsMap) is { } map)
            return new JsonObject { ["platform-team"] = Of(map.GetGenericArguments()[1], "role", depth + 1) };
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return Lists.TryGetValue(name, out var list) ? list() : new JsonArray(Of(ElementOf(type), name, depth + 1));
        return ObjectOf(type, depth);
    }

    private static JsonNode? Simple(Type type, string name)
    {
        if (type == typeof(string))
            return ByName.TryGetValue(name, out var known) ? known.DeepClone() : "text";
        if (type == typeof(Guid) || IsId(type))
            return Id;
        if (type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITextId<>)))
            return type == typeof(AgentGroupName) ? "default" : type == typeof(ModelName) ? "llama-3.1-8b-instruct" : "sk-AbCdEfGhIjKl";
        if (type == typeof(DateTimeOffset))
            return Instant;
        if (type == typeof(Uri))
            return "https://models.example.com/";
        if (type == typeof(bool))
            return false;
        if (type == typeof(JsonElement))
            return new JsonObject { ["member"] = "value" };
        if (type == typeof(decimal) || type == typeof(double))
            return 0.5;
        return type.IsPrimitive ? 1 : null;
    }

    private static JsonObject ObjectOf(Type type, int depth)
    {
        var example = new JsonObject();
        foreach (var property in type.GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0))
            example[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] =
                ByTypeAndName.TryGetValue($"{type.Name}.{property.Name}", out var own) ? own() : Of(property.PropertyType, property.Name, depth + 1);
        return example;
    }

    private static bool IsId(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>));

    private static bool IsMap(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() is var d
        && (d == typeof(IReadOnlyDictionary<,>) || d == typeof(IDictionary<,>));

    private static Type ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()! : type.GetInterfaces().Append(type)
            .First(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).GetGenericArguments()[0];
}
