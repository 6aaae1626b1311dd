using Microsoft.AspNetCore.Components;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;

namespace Platform.Portal.Session;

/// <summary>The front door: to sign in, or on to the one place where the user belongs.</summary>
public partial class Welcome(NavigationManager navigation)
{
    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    internal TenantDirectory Tenants { get; set; } = null!;

    private bool IsSignedIn => Http.User.Identity?.IsAuthenticated == true;

    private MeAnswer? Me { get; set; }

    private ControlProblem? Problem { get; set; }

    /// <summary>What may help: to ask again, or to sign in again.</summary>
    private string Next => Problem?.Code is ProblemCodes.Unauthenticated or PortalProblemCodes.SessionEnded
        ? ReturnUrl.SignIn(ReturnUrl.Home)
        : ReturnUrl.Home;

    protected override async Task OnInitializedAsync()
    {
        if (!IsSignedIn)
            return;
        if (!(await Tenants.GetMeAsync()).Is(out var me, out var problem))
        {
            Problem = problem;
            return;
        }
        Me = me;
        if (me.Memberships is [var only])
            navigation.NavigateTo($"/t/{only.TenantSlug}");
        else if (me is { Memberships: [], OperatorRole: not null })
            navigation.NavigateTo("/tenants");
    }
}
