using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Platform.Control.Data;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Identity.Pages.Account;

internal sealed class SessionsModel(UserManager<PlatformUser> users, UserSessions sessions, SecurityEvents events) : AccountPage(users)
{
    protected override bool ChangesSignIn => false;

    public IReadOnlyList<UserSession> Items { get; private set; } = [];

    public Guid Current => SessionId;

    public async Task OnGetAsync(string? done)
    {
        Message = done is null ? null : "The session is ended.";
        Items = await sessions.ListAsync(Person.Id, HttpContext.RequestAborted);
    }

    public async Task<IActionResult> OnPostEndAsync([FromForm] Guid id)
    {
        if (await sessions.EndAsync(Person.Id, id, HttpContext.RequestAborted) > 0)
            await events.RecordAsync(SecurityEvent.SessionsEnded, Person.Id, "one");
        return RedirectToPage(new { done = "ended" });
    }

    public async Task<IActionResult> OnPostEndAllAsync()
    {
        await sessions.EndAllAsync(Person.Id, HttpContext.RequestAborted);
        await events.RecordAsync(SecurityEvent.SessionsEnded, Person.Id, "all");
        return SignOut(new AuthenticationProperties { RedirectUri = "/identity/signed-out" }, IdentityConstants.ApplicationScheme);
    }
}
