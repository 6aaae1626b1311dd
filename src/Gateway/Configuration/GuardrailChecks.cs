using Platform.Contracts.Configuration;

namespace Platform.Gateway.Configuration;

/// <summary>Faults of guardrail policies, each naming the policy. Whether a detector is known is for the ones that run them.</summary>
internal static class GuardrailChecks
{
    public static void Check(IReadOnlyList<GuardrailPolicyEntry>? policies, List<string> faults)
    {
        if (policies is { Count: 0 })
            return;
        if (policies is null || policies.Contains(null!))
        {
            faults.Add("The list of guardrail policies is null, or has a null in it.");
            return;
        }
        foreach (var policy in policies)
            faults.AddRange(FaultsOf(policy).Select(f => $"The guardrail policy '{policy.Id}' {f}."));
        foreach (var twice in policies.GroupBy(p => p.Id).Where(g => g.Count() > 1))
            faults.Add($"The guardrail policy '{twice.Key}' is listed more than once.");
    }

    private static IEnumerable<string> FaultsOf(GuardrailPolicyEntry policy)
    {
        if (string.IsNullOrEmpty(policy.Name))
            yield return "has no name";
        if (policy.Spec is not { Projects: not null, Keys: not null, Models: not null, Rules: { } rules } spec)
        {
            yield return "has a null where a list belongs";
            yield break;
        }
        if (spec.Models.Any(string.IsNullOrEmpty))
            yield return "is attached to a model without a name";
        foreach (var fault in rules.SelectMany(FaultsOf))
            yield return fault;
    }

    private static IEnumerable<string> FaultsOf(GuardrailRule? rule)
    {
        if (rule is null || string.IsNullOrEmpty(rule.Name))
        {
            yield return "has a rule without a name";
            yield break;
        }
        if (rule.Phase is not ("input" or "output" or "both"))
            yield return $"has a rule '{rule.Name}' with a phase '{rule.Phase}' that is not known";
        if (rule.Action is not ("block" or "redact" or "flag"))
            yield return $"has a rule '{rule.Name}' with an action '{rule.Action}' that is not known";
        if (rule.Detectors is not { Count: > 0 } || rule.Detectors.Any(d => string.IsNullOrEmpty(d?.Type)))
            yield return $"has a rule '{rule.Name}' without a detector, or with one that has no type";
        if (rule.Roles?.FirstOrDefault(r => r is not ("system" or "user" or "assistant" or "tool")) is { } role)
            yield return $"has a rule '{rule.Name}' for a role '{role}' that is not known";
        if (rule.Threshold is { } threshold && !(threshold is >= 0 and <= 1))
            yield return $"has a rule '{rule.Name}' with a threshold that is not from 0 to 1";
    }
}
