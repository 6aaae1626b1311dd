using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Pages.Account;

/// <summary>A page of the signed-in user about their own account.</summary>
internal abstract class AccountPage(UserManager<PlatformUser> users) : PageModel
{
    private PlatformUser? _person;

    public PlatformUser Person => _person ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>What was just done, as the page says it; in the address, so that a reload does nothing twice.</summary>
    public string? Message { get; protected set; }

    public string? Fault { get; protected set; }

    /// <summary>
    /// How an account signs in is not for a tenant's provider to change: who only came by one proves the account first.
    /// </summary>
    protected virtual bool ChangesSignIn => true;

    protected Guid SessionId => SessionClaim.Of(User) ?? throw new InvalidOperationException("The cookie names no session.");

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        ViewData["Account"] = true;
        _person = await users.GetUserAsync(User);
        if (_person is null || !await IsLiveAsync(_person))
            context.Result = Challenge(IdentityConstants.ApplicationScheme);
        else if (ChangesSignIn && SessionClaim.IsByProvider(User))
            context.Result = RedirectToPage("/Account/Index", new { notice = "organisation" });
        else
            await next();
    }

    /// <summary>The cookie was looked at before the form was read, which may have taken long.</summary>
    private async Task<bool> IsLiveAsync(PlatformUser person) =>
        SessionClaim.Of(User) is { } session
        && await HttpContext.RequestServices.GetRequiredService<UserSessions>().TouchAsync(session, person.Id, HttpContext.RequestAborted);

    /// <summary>The page again, with what is wrong.</summary>
    protected PageResult Refuse(string fault)
    {
        Fault = fault;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
