using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Hosting.Outbound;

namespace Platform.Control.Policies;

/// <summary>Everything that can be wrong with a guardrail policy's rules and attachments, each by its path.</summary>
internal static class GuardrailChecks
{
    public const int MaxRules = 50;
    public const int MaxAttachments = 100;

    /// <param name="before">
    /// What the policy says so far. What it is attached to may stay although it is gone: without it, the policy might hold
    /// for the whole tenant.
    /// </param>
    public static async Task<Failure?> RefusalAsync(ControlDb db, TenantId tenant, GuardrailSpec asked, GuardrailSpec? before, CancellationToken ct)
    {
        var (spec, faults) = (Whole(asked), new Faults());
        await CheckAttachmentsAsync(db, tenant, spec, before is null ? null : Whole(before), faults, ct);
        CheckRules(spec.Rules, new(faults, await AllowedNetworksAsync(db, ct)));
        return faults.Any ? faults.ToFailure() : null;
    }

    /// <summary>A list that the caller wrote as null is an empty one.</summary>
    public static GuardrailSpec Whole(GuardrailSpec spec) =>
        spec with { Projects = spec.Projects ?? [], Keys = spec.Keys ?? [], Models = spec.Models ?? [], Rules = spec.Rules ?? [] };

    private static async Task CheckAttachmentsAsync(ControlDb db, TenantId tenant, GuardrailSpec spec, GuardrailSpec? before, Faults faults, CancellationToken ct)
    {
        if (IsListFine(spec.Projects, "spec.projects", faults))
        {
            var asked = spec.Projects.ToList();
            var known = await db.Projects.Where(p => p.TenantId == tenant && asked.Contains(p.Id) && p.DeletedAt == null).Select(p => p.Id).ToListAsync(ct);
            foreach (var (index, id) in asked.Index().Where(p => !known.Contains(p.Item) && before?.Projects.Contains(p.Item) is not true))
                faults.Add($"spec.projects[{index}]", $"There is no project {id}.", ProblemCodes.ProjectUnknown);
        }
        if (IsListFine(spec.Keys, "spec.keys", faults))
        {
            var asked = spec.Keys.ToList();
            var known = await db.ApiKeys.Where(k => k.TenantId == tenant && asked.Contains(k.Id) && k.RevokedAt == null).Select(k => k.Id).ToListAsync(ct);
            foreach (var (index, id) in asked.Index().Where(k => !known.Contains(k.Item) && before?.Keys.Contains(k.Item) is not true))
                faults.Add($"spec.keys[{index}]", $"There is no key {id}.", ProblemCodes.KeyUnknown);
        }
        if (IsListFine(spec.Models, "spec.models", faults))
        {
            foreach (var (index, _) in spec.Models.Index().Where(m => !ModelName.TryParse(m.Item, null, out _)))
                faults.Add($"spec.models[{index}]", "must be 1 to 128 letters, digits and . _ : / @ -");
        }
    }

    private static bool IsListFine<T>(IReadOnlyList<T> list, string path, Faults faults)
    {
        if (list.Count > MaxAttachments)
            faults.Add(path, $"must have at most {MaxAttachments} items.");
        else if (list.Distinct().Count() < list.Count)
            faults.Add(path, "must name each thing once.");
        return list.Count is > 0 and <= MaxAttachments;
    }

    private static void CheckRules(IReadOnlyList<GuardrailRule> rules, SpecFaults faults)
    {
        const string path = "spec.rules";
        if (rules.Count is 0 or > MaxRules)
        {
            faults.Add(path, $"must be 1 to {MaxRules} rules.");
            return;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, rule) in rules.Index())
        {
            RuleChecks.Check(rule, $"{path}[{index}]", faults);
            if (rule?.Name is { } name && !names.Add(name))
                faults.Add($"{path}[{index}].name", "is another rule's name.");
        }
    }

    private static async Task<IReadOnlyList<IPNetwork>> AllowedNetworksAsync(ControlDb db, CancellationToken ct)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in await db.PlatformSettings.AsNoTracking().Select(s => s.AllowedNetworks).SingleAsync(ct))
        {
            if (IpRange.TryParse(text, out var network))
                networks.Add(network);
        }
        return networks;
    }
}
