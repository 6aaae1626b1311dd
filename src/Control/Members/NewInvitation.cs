using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Tenants;

namespace Platform.Control.Members;

/// <summary>Makes an invitation with its two links: one for the answer, one for the mail.</summary>
internal sealed class NewInvitation(ConfigWriter writer, InvitationBounds bounds, InvitationMail mail)
{
    /// <param name="refusal">Why the caller may not; asked while the tenant's row is locked.</param>
    public async Task<Written<CreatedInvitationAnswer>> MakeAsync(
        TenantId tenant, CreateInvitationRequest request, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Failure?>> refusal, CancellationToken ct)
    {
        var (answered, mailed, name) = (InvitationLink.NewToken(), InvitationLink.NewToken(), "");
        var written = await writer.UnheardInPlatformAsync<CreatedInvitationAnswer>(
            tenant,
            call,
            async (write, cancel) =>
            {
                if (await TenantRows.LockOpenAsync(write.Db, tenant, cancel) is not { } open)
                    return Failure.NotFound(TenantRows.Thing);
                name = open.Name;
                var row = Row(tenant, request, write, answered, mailed);
                if (await refusal(write, cancel) is { } refused)
                    return refused;
                if (await bounds.RefusalAsync(write, tenant, row.Email, cancel) is { } full)
                    return full;
                write.Db.Invitations.Add(row);
                var answer = InvitationEndpoints.Answer(row, write.Now);
                write.Audit("invitation.create", row.Id.ToString(), null, answer);
                return new CreatedInvitationAnswer(answer, mail.LinkOf(answered));
            },
            ct);
        mail.Send(written, name, mailed);
        return written;
    }

    private static InvitationRow Row(TenantId tenant, CreateInvitationRequest request, ConfigWrite write, string answered, string mailed) => new()
    {
        TenantId = tenant,
        Id = Guid.CreateVersion7(write.Now),
        Email = request.Email.Trim().ToLowerInvariant(),
        Role = request.Role,
        TokenHash = InvitationLink.Hash(answered),
        MailedTokenHash = InvitationLink.Hash(mailed),
        CreatedBy = write.Call.Actor.Principal,
        CreatedAt = write.Now,
        ExpiresAt = write.Now.AddHours(request.ValidHours),
    };
}
