using Microsoft.AspNetCore.Identity;
using Platform.Control.Data;
using Platform.Control.Identity.Passkeys;
using Platform.Control.Identity.Sessions;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Identity.Pages.Account;

internal sealed class IndexModel(UserManager<PlatformUser> users, UserPasskeys passkeys, UserSessions sessions, RecoveryCodes recovery)
    : AccountPage(users)
{
    protected override bool ChangesSignIn => false;

    public int Passkeys { get; private set; }

    public int Sessions { get; private set; }

    public int CodesLeft { get; private set; }

    public async Task OnGetAsync(string? notice)
    {
        if (notice is not null)
            Fault = "Your organisation signed you in. To change how the account signs in, sign out, and sign in with its password or a passkey; \"I forgot my password\" sets one.";
        Passkeys = (await passkeys.ListAsync(Person)).Count;
        Sessions = (await sessions.ListAsync(Person.Id, await sessions.ProviderOfAsync(SessionId, HttpContext.RequestAborted), HttpContext.RequestAborted)).Count;
        CodesLeft = await recovery.LeftAsync(Person.Id, HttpContext.RequestAborted);
    }
}
