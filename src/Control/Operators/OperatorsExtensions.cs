using Platform.Control.Access;

namespace Platform.Control.Operators;

internal static class OperatorsExtensions
{
    /// <summary>Who operates the platform, and what they set for all of it.</summary>
    public static void MapOperators(this IEndpointRouteBuilder api)
    {
        var operators = api.MapGroup("/operator/operators").WithTags("Operators");
        operators.MapGet("", OperatorEndpoints.ListAsync).WithName("ListOperators").WithSummary("List operators").Needs(Rights.PlatformRead);
        operators.MapPost("", OperatorEndpoints.AddAsync).WithName("AddOperator").WithSummary("Add an operator").Needs(Rights.PlatformWrite);
        operators.MapGet("/{principal}", OperatorEndpoints.GetAsync).WithName("GetOperator").WithSummary("Read an operator").Needs(Rights.PlatformRead);
        operators.MapPut("/{principal}", OperatorEndpoints.ReplaceAsync).WithName("UpdateOperator")
            .WithSummary("Replace an operator's role").Needs(Rights.PlatformWrite);
        operators.MapDelete("/{principal}", OperatorEndpoints.RemoveAsync).WithName("RemoveOperator").WithSummary("Remove an operator").Needs(Rights.PlatformWrite);

        var settings = api.MapGroup("/operator/settings").WithTags("Operators");
        settings.MapGet("", SettingsEndpoints.GetAsync).WithName("GetSettings").WithSummary("Read the platform's settings").Needs(Rights.PlatformRead);
        settings.MapPut("", SettingsEndpoints.ReplaceAsync).WithName("UpdateSettings").WithSummary("Replace the platform's settings").Needs(Rights.PlatformWrite);
    }
}
