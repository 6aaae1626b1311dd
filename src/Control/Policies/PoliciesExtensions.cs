using Platform.Control.Access;

namespace Platform.Control.Policies;

internal static class PoliciesExtensions
{
    /// <summary>A tenant's guardrails, the floor beneath them to read, its part of how it is kept apart, and how its requests are carried.</summary>
    public static void MapPolicies(this IEndpointRouteBuilder tenant)
    {
        var guardrails = tenant.MapGroup("/guardrail-policies").WithTags("Guardrails");
        guardrails.MapGet("", GuardrailEndpoints.ListAsync).WithName("ListGuardrailPolicies").WithSummary("List guardrail policies").Needs(Rights.PoliciesRead);
        guardrails.MapPost("", GuardrailEndpoints.CreateAsync).WithName("CreateGuardrailPolicy").WithSummary("Create a guardrail policy").Needs(Rights.PoliciesWrite);
        guardrails.MapGet("/{id}", GuardrailEndpoints.GetAsync).WithName("GetGuardrailPolicy").WithSummary("Read a guardrail policy").Needs(Rights.PoliciesRead);
        guardrails.MapPut("/{id}", GuardrailEndpoints.UpdateAsync).WithName("UpdateGuardrailPolicy").WithSummary("Replace a guardrail policy").Needs(Rights.PoliciesWrite);
        guardrails.MapDelete("/{id}", GuardrailEndpoints.DeleteAsync).WithName("DeleteGuardrailPolicy").WithSummary("Delete a guardrail policy").Needs(Rights.PoliciesWrite);

        var isolation = tenant.MapGroup("/isolation-policy").WithTags("Isolation");
        isolation.MapGet("", IsolationEndpoints.GetAsync).WithName("GetIsolationPolicy").WithSummary("Read how the tenant is kept apart").Needs(Rights.PoliciesRead);
        isolation.MapPut("", IsolationEndpoints.UpdateAsync).WithName("UpdateIsolationPolicy").WithSummary("Replace the tenant's own part").Needs(Rights.PoliciesWrite);

        var traffic = tenant.MapGroup("/traffic-policy").WithTags("Traffic");
        traffic.MapGet("", TrafficEndpoints.GetAsync).WithName("GetTrafficPolicy").WithSummary("Read how the tenant's requests are carried").Needs(Rights.PoliciesRead);
        traffic.MapPut("", TrafficEndpoints.UpdateAsync).WithName("UpdateTrafficPolicy").WithSummary("Replace the traffic policy").Needs(Rights.PoliciesWrite);
    }

    /// <summary>The operator's part of how a tenant is kept apart.</summary>
    public static void MapOperatorPolicies(this IEndpointRouteBuilder tenant)
    {
        var isolation = tenant.MapGroup("/isolation-policy").WithTags("Isolation");
        isolation.MapGet("", IsolationEndpoints.GetAsync).WithName("GetIsolationPolicyAsOperator").WithSummary("Read how a tenant is kept apart").Needs(Rights.TenantsRead);
        isolation.MapPut("", OperatorIsolationEndpoints.UpdateAsync).WithName("UpdateIsolationPolicyAsOperator").WithSummary("Replace the operator's part").Needs(Rights.TenantsWrite);
        isolation.MapPost("/rotate-salt", OperatorIsolationEndpoints.RotateAsync).WithName("RotateCacheSalt").WithSummary("Make a new cache salt").Needs(Rights.TenantsWrite);
    }
}
