using Platform.Contracts.Configuration;

namespace Platform.Control.Policies;

/// <summary>What can be wrong with one rule and its detectors.</summary>
internal static class RuleChecks
{
    public const int MaxDetectors = 20;
    public const int MaxMessage = 500;

    private const int MaxName = 100;
    private const string Redact = "redact";

    private static readonly string[] Phases = ["input", "output", "both"];
    private static readonly string[] Actions = ["block", Redact, "flag"];
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    public static void Check(GuardrailRule? rule, string path, SpecFaults faults)
    {
        if (rule is null)
        {
            faults.Add(path, "must be a rule.");
            return;
        }
        CheckText(rule.Name, MaxName, $"{path}.name", faults);
        CheckOneOf(rule.Phase, Phases, $"{path}.phase", faults);
        CheckOneOf(rule.Action, Actions, $"{path}.action", faults);
        if (rule.Message is not null)
            CheckText(rule.Message, MaxMessage, $"{path}.message", faults);
        foreach (var (index, role) in (rule.Roles ?? []).Index())
            CheckOneOf(role, Roles, $"{path}.roles[{index}]", faults);
        if (rule.Roles is { } roles && roles.Distinct().Count() < roles.Count)
            faults.Add($"{path}.roles", "must name each role once.");
        CheckDetectors(rule, path, faults);
    }

    private static void CheckDetectors(GuardrailRule rule, string path, SpecFaults faults)
    {
        var detectors = rule.Detectors ?? [];
        if (detectors.Count is 0 or > MaxDetectors)
            faults.Add($"{path}.detectors", $"must be 1 to {MaxDetectors} detectors.");
        var kinds = new List<DetectorKind>();
        foreach (var (index, detector) in detectors.Take(MaxDetectors).Index())
        {
            if (CheckDetector(detector, $"{path}.detectors[{index}]", faults) is { } kind)
                kinds.Add(kind);
        }
        if (rule.Action == Redact)
        {
            foreach (var kind in kinds.Where(k => !k.FindsSpans).Distinct())
                faults.Add($"{path}.action", $"cannot be redact with {kind.Name}, which finds no part of the text to redact.");
        }
        if (rule.Threshold is not { } threshold)
            return;
        if (threshold is not (>= 0 and <= 1))
            faults.Add($"{path}.threshold", "must be from 0 to 1.");
        if (kinds.Count > 0 && !kinds.Any(k => k.Scores))
            faults.Add($"{path}.threshold", "must be left out: none of the detectors scores.");
    }

    private static DetectorKind? CheckDetector(GuardrailDetector? detector, string path, SpecFaults faults)
    {
        if (detector?.Type is not { } type || DetectorKinds.Find(type) is not { } kind)
        {
            faults.Add($"{path}.type", $"must be one of {DetectorKinds.Names}.");
            return null;
        }
        kind.Check(detector.Options, $"{path}.options", faults);
        return kind;
    }

    private static void CheckOneOf(string? value, string[] allowed, string path, SpecFaults faults)
    {
        if (value is null || !allowed.Contains(value))
            faults.Add(path, $"must be {string.Join(", ", allowed[..^1])} or {allowed[^1]}.");
    }

    private static void CheckText(string? text, int max, string path, SpecFaults faults)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > max)
            faults.Add(path, $"must have 1 to {max} characters.");
        else if (!DetectorOptions.IsStorable(text))
            faults.Add(path, DetectorOptions.NotStorable);
    }
}
