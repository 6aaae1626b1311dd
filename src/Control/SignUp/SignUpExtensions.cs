using Platform.Control.Access;

namespace Platform.Control.SignUp;

internal static class SignUpExtensions
{
    /// <summary>For any caller to ask, and for operators to decide.</summary>
    public static void MapSignUps(this IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/sign-ups").WithTags("Sign-up");
        own.MapPost("", SignUpEndpoints.RequestAsync).WithName("SignUp").WithSummary("Ask for a tenant of one's own").Needs(Rights.MeWrite);
        own.MapGet("/mine", SignUpEndpoints.MineAsync).WithName("ListMySignUps").WithSummary("List the caller's sign-ups").Needs(Rights.Me);

        var all = api.MapGroup("/operator/sign-ups").WithTags("Operators");
        all.MapGet("", SignUpEndpoints.ListAsync).WithName("ListSignUps").WithSummary("List sign-ups").Needs(Rights.TenantsRead);
        all.MapPost("/{id}/approve", SignUpEndpoints.ApproveAsync).WithName("ApproveSignUp").WithSummary("Approve a sign-up: the tenant is made").Needs(Rights.TenantsWrite);
        all.MapPost("/{id}/refuse", SignUpEndpoints.RefuseAsync).WithName("RefuseSignUp").WithSummary("Refuse a sign-up").Needs(Rights.TenantsWrite);
    }
}
