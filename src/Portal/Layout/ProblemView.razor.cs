using Microsoft.AspNetCore.Components;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;
using Platform.Portal.Session;

namespace Platform.Portal.Layout;

/// <summary>
/// Says what went wrong. Where the session has ended it sends the user to sign in and back to this page; where only
/// this process does not know the session, it loads the page anew.
/// </summary>
public partial class ProblemView(NavigationManager navigation)
{
    [Parameter, EditorRequired]
    public ControlProblem? Problem { get; set; }

    /// <summary>Fields whose faults are shown at the field.</summary>
    [Parameter]
    public string[] Fields { get; set; } = [];

    [Parameter]
    public EventCallback OnRetry { get; set; }

    private bool NeedsSignIn => Problem?.Code is ProblemCodes.Unauthenticated or PortalProblemCodes.SessionEnded;

    private string Here => "/" + navigation.ToBaseRelativePath(navigation.Uri);

    private string SignInAddress => ReturnUrl.SignIn(Here);

    protected override void OnAfterRender(bool firstRender)
    {
        if (Problem?.Code is PortalProblemCodes.SessionEnded)
            navigation.NavigateTo(SignInAddress, forceLoad: true);
        else if (Problem?.Code is PortalProblemCodes.SessionUnknown)
            navigation.NavigateTo(Here, forceLoad: true);
    }
}
