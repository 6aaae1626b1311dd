using System.Text.Json;

namespace Platform.Control.Policies;

/// <summary>The closed list of built-in detectors, and what each is told.</summary>
internal static class DetectorKinds
{
    private static readonly DetectorKind[] All =
    [
        DetectorKind.OfSpans("email"),
        DetectorKind.OfSpans("phone"),
        DetectorKind.OfSpans("credit-card"),
        DetectorKind.OfSpans("iban"),
        DetectorKind.OfSpans("us-ssn"),
        DetectorKind.OfSpans("ip-address"),
        DetectorKind.OfSpans("url"),
        DetectorKind.OfSpans("date-of-birth"),
        DetectorKind.OfSpans("driving-licence"),
        DetectorKind.OfSpans("passport"),
        DetectorKind.OfSpans("crypto-wallet"),
        DetectorKind.OfSpans("secret"),
        DetectorKind.OfSpans("denied-terms", new DetectorOption("terms", DetectorOptions.Texts(1, 10_000, 200))),
        DetectorKind.OfSpans("regex", new DetectorOption("pattern", DetectorOptions.Pattern)),
        DetectorKind.OfWhole("prompt-injection") with { Scores = true },
        DetectorKind.OfWhole("size", new DetectorOption("maxCharacters", DetectorOptions.Whole(1, 100_000_000))),
        DetectorKind.OfWhole("language", new DetectorOption("allowed", DetectorOptions.Languages)),
        DetectorKind.OfWhole("allowed-tools", new DetectorOption("names", DetectorOptions.Texts(0, 1000, 128))),
        DetectorKind.OfWhole("json-schema", new DetectorOption("schema", DetectorOptions.Schema)),
        DetectorKind.OfWhole(
            "external",
            new DetectorOption("url", DetectorOptions.Url),
            new DetectorOption("timeoutMilliseconds", DetectorOptions.Whole(50, 10_000)),
            new DetectorOption("onFailure", DetectorOptions.OneOf("open", "closed"))),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(k => k.Name));

    public static DetectorKind? Find(string type) => Array.Find(All, k => k.Name == type);
}

/// <param name="FindsSpans">It finds parts of a text, which can be redacted; else it judges the whole.</param>
/// <param name="Options">All of them are needed, and there are no others.</param>
internal sealed record DetectorKind(string Name, bool FindsSpans, IReadOnlyList<DetectorOption> Options)
{
    /// <summary>It gives a score, so that a rule may say from which on it counts.</summary>
    public bool Scores { get; init; }

    public static DetectorKind OfSpans(string name, params DetectorOption[] options) => new(name, true, options);

    public static DetectorKind OfWhole(string name, params DetectorOption[] options) => new(name, false, options);

    public void Check(JsonElement? options, string path, SpecFaults faults)
    {
        if (options is not (null or { ValueKind: JsonValueKind.Null or JsonValueKind.Object }))
        {
            faults.Add(path, "must be an object.");
            return;
        }
        if (options is { } whole && !DetectorOptions.IsStorable(whole))
        {
            faults.Add(path, DetectorOptions.NotStorable);
            return;
        }
        var members = options is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject().ToDictionary(m => m.Name, m => m.Value) : [];
        foreach (var unknown in members.Keys.Where(m => Options.All(o => o.Name != m)))
            faults.Add($"{path}.{unknown}", $"is no option of {Name}.");
        foreach (var option in Options)
        {
            if (members.TryGetValue(option.Name, out var value))
                option.Check(value, $"{path}.{option.Name}", faults);
            else
                faults.Add($"{path}.{option.Name}", $"is needed by {Name}.");
        }
    }
}

internal sealed record DetectorOption(string Name, OptionCheck Check);

/// <summary>Says what is wrong with an option's value.</summary>
internal delegate void OptionCheck(JsonElement value, string path, SpecFaults faults);
