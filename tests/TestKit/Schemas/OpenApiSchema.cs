using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Platform.TestKit.Schemas;

/// <summary>
/// Validates JSON against a schema of OpenAI's API description. The description is not ours to copy: a test says
/// <c>Assert.SkipUnless(OpenApiSchema.IsAvailable, OpenApiSchema.Missing)</c> first.
/// </summary>
public static class OpenApiSchema
{
    public const string Missing = "OpenAI's API description (openai/openapi-subset.json) is not on this machine; see " + SharedData.Variable + ".";

    private const string File = "openai/openapi-subset.json";
    private const string ReferencePrefix = "#/components/schemas/";

    private static readonly ConcurrentDictionary<string, Lazy<Task<JsonSchema>>> Compiled = new();
    private static readonly Lazy<JsonObject> All = new(Load);

    public static bool IsAvailable { get; } = SharedData.Find(File) is not null;

    /// <summary>What is wrong, one line each; empty for valid JSON.</summary>
    /// <exception cref="ArgumentException">There is no such schema.</exception>
    public static async Task<IReadOnlyList<string>> ValidateAsync(string schemaName, string json)
    {
        var schema = await Compiled.GetOrAdd(schemaName, n => new(() => CompileAsync(n))).Value;
        return [.. schema.Validate(json).SelectMany(Lines)];
    }

    public static Task<IReadOnlyList<string>> ValidateAsync(string schemaName, ReadOnlySpan<byte> json) =>
        ValidateAsync(schemaName, System.Text.Encoding.UTF8.GetString(json));

    private static async Task<JsonSchema> CompileAsync(string name)
    {
        if (!All.Value.ContainsKey(name))
            throw new ArgumentException($"There is no schema '{name}'.", nameof(name));
        var definitions = new JsonObject();
        Collect(name, definitions);
        var root = new JsonObject
        {
            ["definitions"] = definitions,
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/" + name }),
        };
        return await JsonSchema.FromJsonAsync(root.ToJsonString());
    }

    /// <summary>The schema and all that it refers to; the others would only cost time.</summary>
    private static void Collect(string name, JsonObject into)
    {
        if (into.ContainsKey(name))
            return;
        var schema = All.Value[name]!.DeepClone();
        into[name] = null;
        var needed = new HashSet<string>();
        into[name] = Translate(schema, needed);
        foreach (var next in needed)
            Collect(next, into);
    }

    /// <summary>OpenAPI's words into JSON Schema's: references, <c>nullable</c>, and without what validates nothing.</summary>
    private static JsonNode? Translate(JsonNode? node, HashSet<string> needed)
    {
        if (node is JsonArray array)
            return new JsonArray([.. array.Select(n => Translate(n?.DeepClone(), needed))]);
        if (node is not JsonObject schema)
            return node?.DeepClone();
        var result = new JsonObject();
        foreach (var (key, value) in schema)
        {
            if (SaysNothing(key, value))
                continue;
            result[key] = key == "$ref" && (string?)value is { } reference && reference.StartsWith(ReferencePrefix, StringComparison.Ordinal)
                ? Refer(reference[ReferencePrefix.Length..], needed)
                : Translate(value, needed);
        }
        var nullable = schema["nullable"] is JsonValue flag && flag.TryGetValue<bool>(out var yes) && yes;
        return nullable ? new JsonObject { ["anyOf"] = new JsonArray(result, new JsonObject { ["type"] = "null" }) } : result;
    }

    /// <summary>Annotations; where such a name is a property's, its value is a schema and stays.</summary>
    private static bool SaysNothing(string key, JsonNode? value) => key switch
    {
        "discriminator" => value is JsonObject o && o.ContainsKey("propertyName"),
        "description" or "title" or "nullable" or "default" or "example" or "examples" => value is not JsonObject,
        _ => key.StartsWith("x-", StringComparison.Ordinal),
    };

    private static JsonValue Refer(string name, HashSet<string> needed)
    {
        needed.Add(name);
        return JsonValue.Create("#/definitions/" + name);
    }

    private static JsonObject Load()
    {
        var path = SharedData.Find(File) ?? throw new FileNotFoundException(Missing);
        return JsonNode.Parse(System.IO.File.ReadAllText(path))!["components"]!["schemas"]!.AsObject();
    }

    private static IEnumerable<string> Lines(ValidationError error)
    {
        yield return $"{error.Path}: {error.Kind}";
        if (error is not ChildSchemaValidationError child)
            yield break;
        foreach (var line in child.Errors.SelectMany(e => e.Value).SelectMany(Lines))
            yield return "  " + line;
    }
}
