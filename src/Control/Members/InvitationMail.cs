using Platform.Contracts.Api;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Members;

/// <summary>Mails an invitation's link to whom it is for; whoever invited has it too, where no mail is set up.</summary>
internal sealed class InvitationMail(MailQueue mails, ControlSettings control)
{
    public Uri LinkOf(string token) => InvitationLink.To(control.Issuer, token);

    /// <summary>Once it was made: neither for a dry run nor for a replay.</summary>
    public void Send(Written<CreatedInvitationAnswer> written, string tenantName)
    {
        if (written is { Failed: false, IsReplay: false, Preview: null } && written.Value.AcceptUrl is { } link)
            mails.Add(new MailRequest.Invitation(written.Value.Invitation.Email, tenantName, link, written.Value.Invitation.ExpiresAt));
    }
}
