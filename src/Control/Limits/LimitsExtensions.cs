using Platform.Control.Access;

namespace Platform.Control.Limits;

internal static class LimitsExtensions
{
    /// <summary>A tenant's own quotas and budgets, and the operator's to read.</summary>
    public static void MapLimits(this IEndpointRouteBuilder tenant) => Map(tenant, new("", Rights.QuotasRead, Rights.QuotasWrite, Rights.BudgetsRead, Rights.BudgetsWrite));

    /// <summary>The ceilings and budgets that operators set for a tenant.</summary>
    public static void MapOperatorLimits(this IEndpointRouteBuilder tenant) =>
        Map(tenant, new("AsOperator", Rights.TenantsRead, Rights.TenantsWrite, Rights.TenantsRead, Rights.TenantsWrite));

    private static void Map(IEndpointRouteBuilder tenant, Door door)
    {
        var quotas = tenant.MapGroup("/quotas").WithTags("Quotas");
        quotas.MapGet("", QuotaEndpoints.ListAsync).WithName($"ListQuotas{door.Name}").WithSummary("List quotas").Needs(door.ReadsQuotas);
        quotas.MapPost("", QuotaEndpoints.CreateAsync).WithName($"CreateQuota{door.Name}").WithSummary("Create a quota").Needs(door.WritesQuotas);
        quotas.MapGet("/{id}", QuotaEndpoints.GetAsync).WithName($"GetQuota{door.Name}").WithSummary("Read a quota").Needs(door.ReadsQuotas);
        quotas.MapPut("/{id}", QuotaEndpoints.UpdateAsync).WithName($"UpdateQuota{door.Name}").WithSummary("Replace a quota's limits").Needs(door.WritesQuotas);
        quotas.MapDelete("/{id}", QuotaEndpoints.DeleteAsync).WithName($"DeleteQuota{door.Name}").WithSummary("Delete a quota").Needs(door.WritesQuotas);

        var budgets = tenant.MapGroup("/budgets").WithTags("Budgets");
        budgets.MapGet("", BudgetEndpoints.ListAsync).WithName($"ListBudgets{door.Name}").WithSummary("List budgets").Needs(door.ReadsBudgets);
        budgets.MapPost("", BudgetEndpoints.CreateAsync).WithName($"CreateBudget{door.Name}").WithSummary("Create a budget").Needs(door.WritesBudgets);
        budgets.MapGet("/{id}", BudgetEndpoints.GetAsync).WithName($"GetBudget{door.Name}").WithSummary("Read a budget").Needs(door.ReadsBudgets);
        budgets.MapPut("/{id}", BudgetEndpoints.UpdateAsync).WithName($"UpdateBudget{door.Name}").WithSummary("Replace a budget").Needs(door.WritesBudgets);
        budgets.MapDelete("/{id}", BudgetEndpoints.DeleteAsync).WithName($"DeleteBudget{door.Name}").WithSummary("Delete a budget").Needs(door.WritesBudgets);
    }

    private sealed record Door(string Name, Right ReadsQuotas, Right WritesQuotas, Right ReadsBudgets, Right WritesBudgets);
}
