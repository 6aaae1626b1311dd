using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Mail;
using Platform.Control.Members;

namespace Platform.Control.Identity.Pages;

/// <summary>
/// Where an invitation's links lead. The mailed one reached the address, which it proves: by it a new account is confirmed,
/// and one that nobody had confirmed is its reader's. The other one is known to whoever invited, who may not be the person
/// invited: by it a mail is asked for, and the page tells nobody whether the address has an account. A confirmed account is
/// opened by neither; who has one signs in, and joins by either.
/// </summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class InvitationModel(
    Invitations invitations, InvitedAccounts accounts, MailQueue mails, MailFolder folder, IdentitySettings settings) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    public OpenInvitation? Invitation { get; private set; }

    public InvitationWay Way { get; private set; }

    public string? Joined { get; private set; }

    /// <summary>A mail was asked for; whether there is anybody to write to is found out later.</summary>
    public bool Asked { get; private set; }

    public string? Fault { get; private set; }

    public string? MailFolder => folder.Shown;

    public string ReturnUrl => $"{InvitationLink.Page}?token={Uri.EscapeDataString(Token ?? "")}";

    public async Task OnGetAsync() => await LoadAsync();

    public async Task<IActionResult> OnPostAsync([FromForm] string? password)
    {
        var user = await LoadAsync();
        if (Invitation is not { } invitation)
            return Page();
        switch (Way)
        {
            case InvitationWay.Join:
                return await JoinAsync(user!, invitation) ? Page() : Gone();
            case InvitationWay.ChoosePassword:
                return await EnterAsync(invitation, password);
            case InvitationWay.Unproved:
                Asked = true;
                mails.Add(new MailRequest.NewAccount(invitation.Email, ReturnUrl));
                return Page();
            default:
                return Page();
        }
    }

    /// <returns>Who is signed in.</returns>
    private async Task<PlatformUser?> LoadAsync()
    {
        Invitation = await invitations.FindAsync(Token, HttpContext.RequestAborted);
        if (Invitation is not { } invitation)
        {
            Response.StatusCode = StatusCodes.Status404NotFound;
            return null;
        }
        var user = await accounts.SignedInAsync(HttpContext);
        Way = settings.Authority is not null ? InvitationWay.Elsewhere
            : user is { EmailConfirmed: true, Email: { } own } && Invitations.IsFor(invitation.Email, own) ? InvitationWay.Join
            : !invitation.IsMailed ? InvitationWay.Unproved
            : await accounts.IsConfirmedAsync(invitation.Email) ? InvitationWay.SignIn
            : InvitationWay.ChoosePassword;
        return user;
    }

    private async Task<IActionResult> EnterAsync(OpenInvitation invitation, string? password)
    {
        var entered = await accounts.EnterAsync(invitation.Email, password, HttpContext.RequestAborted);
        if (entered.Faults.Count > 0)
            return Refuse(string.Join(' ', entered.Faults));
        if (!await JoinAsync(entered.User, invitation))
        {
            // Somebody else was faster with the same link: an account that nobody is in yet is not left behind.
            await accounts.LeaveAsync(entered);
            return Gone();
        }
        await accounts.SignInAsync(entered.User, HttpContext.RequestAborted);
        return Page();
    }

    private async Task<bool> JoinAsync(PlatformUser user, OpenInvitation invitation)
    {
        var actor = new Actor(user.Id.ToString("D"), ActorKinds.User, user.Email, HttpContext.Connection.RemoteIpAddress?.ToString());
        var written = await invitations.AcceptAsync(Token!, actor.Principal, invitation.Email, new WriteCall(actor), HttpContext.RequestAborted);
        if (written.Failed && written.Failure.Code != ProblemCodes.AlreadyMember)
            return false;
        Joined = invitation.TenantName;
        return true;
    }

    private PageResult Refuse(string fault)
    {
        Fault = fault;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private PageResult Gone()
    {
        Invitation = null;
        Response.StatusCode = StatusCodes.Status404NotFound;
        return Page();
    }
}

/// <summary>How whoever opened the link can take it.</summary>
internal enum InvitationWay
{
    Join,

    /// <summary>The address is proved, and nobody confirmed an account for it before.</summary>
    ChoosePassword,

    SignIn,

    /// <summary>Nothing says that whoever has the link reads the address's mail.</summary>
    Unproved,

    /// <summary>Accounts are another authority's.</summary>
    Elsewhere,
}
