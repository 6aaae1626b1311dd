using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Hosting.Settings;

namespace Platform.Control.Members;

internal static class MembersExtensions
{
    public static void AddMembers(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<InvitationSettings>("Invitations");
        var services = builder.Services;
        services.AddSingleton<InvitationBounds>();
        services.AddSingleton<NewInvitation>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<InvitationMail>();
        services.AddScoped<VerifiedAddress>();
    }

    /// <summary>Who is in a tenant, and who is asked to be.</summary>
    public static void MapMembers(this IEndpointRouteBuilder tenant)
    {
        var members = tenant.MapGroup("/members").WithTags("Members");
        members.MapGet("", MemberEndpoints.ListAsync).WithName("ListMembers").WithSummary("List members").Needs(Rights.MembersRead);
        members.MapDelete("/me", MemberEndpoints.LeaveAsync).WithName("LeaveTenant").WithSummary("Leave the tenant").Needs(Rights.TenantRead);
        members.MapGet("/{principal}", MemberEndpoints.GetAsync).WithName("GetMember").WithSummary("Read a member").Needs(Rights.MembersRead);
        members.MapPut("/{principal}", MemberEndpoints.ReplaceAsync).WithName("UpdateMember").WithSummary("Replace a member's role").Needs(Rights.MembersWrite);
        members.MapDelete("/{principal}", MemberEndpoints.RemoveAsync).WithName("RemoveMember").WithSummary("Remove a member").Needs(Rights.MembersWrite);

        var invitations = tenant.MapGroup("/invitations").WithTags("Members");
        invitations.MapGet("", InvitationEndpoints.ListAsync).WithName("ListInvitations").WithSummary("List invitations").Needs(Rights.MembersRead);
        invitations.MapPost("", InvitationEndpoints.CreateAsync).WithName("CreateInvitation")
            .WithSummary("Invite somebody by mail, and by a link that is shown once").Needs(Rights.MembersWrite);
        invitations.MapDelete("/{id}", InvitationEndpoints.RevokeAsync).WithName("RevokeInvitation").WithSummary("Revoke an invitation").Needs(Rights.MembersWrite)
            .WithMetadata(Unoffered.Version);
    }

    /// <summary>Accepting, which is about the caller; and an operator's invitation of a tenant's first owner.</summary>
    public static void MapInvitations(this IEndpointRouteBuilder api)
    {
        api.MapPost("/invitations/accept", InvitationEndpoints.AcceptAsync).WithName("AcceptInvitation").WithTags("Members")
            .WithSummary("Accept an invitation").Needs(Rights.MeWrite);
        api.MapPost("/operator/tenants/{tenantId}/invitations", InvitationEndpoints.CreateAsOperatorAsync).WithName("CreateInvitationAsOperator")
            .WithTags("Operators").WithSummary("Invite somebody into a tenant, its first owner too").Needs(Rights.TenantsWrite);
    }
}
