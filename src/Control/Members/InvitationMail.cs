using Platform.Contracts.Api;
using Platform.Control.Data;
using Platform.Control.Identity.Mail;

namespace Platform.Control.Members;

/// <summary>Mails an invitation to whom it is for, with a link of its own: that it was opened proves the address.</summary>
internal sealed class InvitationMail(MailQueue mails, ControlSettings control)
{
    public Uri LinkOf(string token) => InvitationLink.To(control.Issuer, token);

    /// <summary>Once it was made: neither for a dry run nor for a replay.</summary>
    /// <param name="token">The mailed link's, which is in no answer.</param>
    public void Send(Written<CreatedInvitationAnswer> written, string tenantName, string token)
    {
        if (written is { Failed: false, IsReplay: false, Preview: null })
            mails.Add(new MailRequest.Invitation(written.Value.Invitation.Email, tenantName, LinkOf(token), written.Value.Invitation.ExpiresAt));
    }
}
