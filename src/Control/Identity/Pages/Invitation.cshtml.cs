using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Platform.Contracts.Api;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Identity.Accounts;
using Platform.Control.Identity.Sessions;
using Platform.Control.Members;

namespace Platform.Control.Identity.Pages;

/// <summary>
/// Where an invitation's link leads. Who has the link was sent it, so the address is proved: somebody without an account
/// sets a password and has one. Who has an account signs in first, for the link alone opens no account.
/// </summary>
[EnableRateLimiting(SignInLimit.Policy)]
internal sealed class InvitationModel(
    Invitations invitations, UserManager<PlatformUser> users, SignInCompletion completion, IdentitySettings settings, TimeProvider time) : PageModel
{
    private const int MaxPassword = 256;

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    public OpenInvitation? Invitation { get; private set; }

    public InvitationWay Way { get; private set; }

    public string? Joined { get; private set; }

    public string? Fault { get; private set; }

    public string ReturnUrl => $"{InvitationLink.Page}?token={Uri.EscapeDataString(Token ?? "")}";

    public async Task OnGetAsync() => await LoadAsync();

    public async Task<IActionResult> OnPostAsync([FromForm] string? password)
    {
        var user = await LoadAsync();
        if (Invitation is not { } invitation || Way is InvitationWay.SignIn or InvitationWay.Elsewhere)
            return Page();
        if (Way == InvitationWay.Join)
            return await JoinAsync(user!, invitation) ? Page() : Gone();

        if (password is not { Length: > 0 and <= MaxPassword })
            return Refuse("Choose a password of 12 characters or more.");
        var made = new PlatformUser { Id = Guid.CreateVersion7(time.GetUtcNow()), UserName = invitation.Email, Email = invitation.Email, EmailConfirmed = true };
        var result = await users.CreateAsync(made, password);
        if (!result.Succeeded)
            return Refuse(string.Join(' ', result.Errors.Select(e => e.Description)));
        if (!await JoinAsync(made, invitation))
        {
            // Somebody else was faster with the same link: an account that nobody is in yet is not left behind.
            await users.DeleteAsync(made);
            return Gone();
        }
        await completion.SucceedAsync(made, SignInMethods.Invitation, HttpContext.RequestAborted);
        return Page();
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
        var session = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        var user = session.Principal is { } principal ? await users.GetUserAsync(principal) : null;
        Way = settings.Authority is not null ? InvitationWay.Elsewhere
            : user is { EmailConfirmed: true, Email: { } own } && Invitations.IsFor(invitation.Email, own) ? InvitationWay.Join
            : await users.FindByEmailAsync(invitation.Email) is null ? InvitationWay.NewAccount
            : InvitationWay.SignIn;
        return user;
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
    NewAccount,
    SignIn,

    /// <summary>Accounts are another authority's.</summary>
    Elsewhere,
}
