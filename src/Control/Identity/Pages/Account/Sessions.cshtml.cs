using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Platform.Control.Access;
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
        Items = await sessions.ListAsync(Person.Id, await ProviderAsync(), HttpContext.RequestAborted);
    }

    public async Task<IActionResult> OnPostEndAsync([FromForm] Guid id)
    {
        var provider = await ProviderAsync();
        if (await sessions.EndAsync(Person.Id, id, provider, HttpContext.RequestAborted) > 0)
            await events.RecordAsync(SecurityEvent.SessionsEnded, Person.Id, "one", provider);
        return RedirectToPage(new { done = "ended" });
    }

    public async Task<IActionResult> OnPostEndAllAsync()
    {
        var provider = await ProviderAsync();
        await sessions.EndAllAsync(Person.Id, provider, HttpContext.RequestAborted);
        await events.RecordAsync(SecurityEvent.SessionsEnded, Person.Id, "all", provider);
        return SignOut(new AuthenticationProperties { RedirectUri = "/identity/signed-out" }, IdentityConstants.ApplicationScheme);
    }

    private Task<ProviderSignIn?> ProviderAsync() => sessions.ProviderOfAsync(SessionId, HttpContext.RequestAborted);
}
