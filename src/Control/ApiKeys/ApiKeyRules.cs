using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.ApiKeys;

/// <summary>What a key's request may say, beyond its shape. What belongs to another tenant does not exist.</summary>
internal static class ApiKeyRules
{
    /// <param name="before">Models that the key may call already: one that was deleted since does not stand in the way of a change.</param>
    public static async Task<Faults> CheckAsync(
        ConfigWrite write, TenantId tenant, ProjectId? project, DateTimeOffset? expiresAt, IReadOnlyList<string>? models, IReadOnlyList<string> before, CancellationToken ct)
    {
        var faults = new Faults();
        if (expiresAt <= write.Now)
            faults.Add("expiresAt", "The key's end must lie in the future.");
        if (project is { } id && !await write.Db.Projects.AnyAsync(p => p.TenantId == tenant && p.Id == id && p.DeletedAt == null, ct))
            faults.Add("projectId", $"There is no project {id}.", ProblemCodes.ProjectUnknown);
        if (models is { Count: > 0 })
            await CheckModelsAsync(write.Db, tenant, models, before, faults, ct);
        return faults;
    }

    private static async Task CheckModelsAsync(ControlDb db, TenantId tenant, IReadOnlyList<string> models, IReadOnlyList<string> before, Faults faults, CancellationToken ct)
    {
        // Row-level security leaves the tenant's own models and those that it is offered.
        var known = await db.Models.Where(m => (m.TenantId == tenant || m.TenantId == TenantId.Platform) && m.DeletedAt == null)
            .Select(m => new { m.Name, m.Aliases }).ToListAsync(ct);
        var names = known.SelectMany(m => m.Aliases.Append(m.Name.Value)).Concat(before).ToHashSet(StringComparer.Ordinal);
        foreach (var (index, name) in models.Index())
        {
            if (!names.Contains(name))
                faults.Add($"allowedModels[{index}]", "There is no such model.", ProblemCodes.ModelUnknown);
            else if (models.Take(index).Contains(name, StringComparer.Ordinal))
                faults.Add($"allowedModels[{index}]", "It stands twice.");
        }
    }
}
