using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;

namespace Platform.Portal.Keys;

/// <summary>Asks for what a key needs, makes it, and shows it once.</summary>
public partial class CreateKeyDialog(TimeProvider time)
{
    private static readonly int[] Lifetimes = [0, 7, 30, 90, 365];
    private static readonly string[] Fields = [nameof(CreateApiKeyRequest.Name), nameof(CreateApiKeyRequest.ProjectId), nameof(CreateApiKeyRequest.ExpiresAt)];

    private string _name = "";
    private ProjectAnswer? _project;
    private string _newProject = "Default";
    private int _days;
    private bool _busy;
    private bool _tried;
    private ControlProblem? _problem;
    private CreatedApiKeyAnswer? _created;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject]
    internal ControlClient Control { get; set; } = null!;

    [Parameter, EditorRequired]
    public TenantRef Tenant { get; set; } = null!;

    [Parameter, EditorRequired]
    public IReadOnlyList<ProjectAnswer> Projects { get; set; } = [];

    /// <summary>Something was made, or may have been.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    private string? NameError => _tried && string.IsNullOrWhiteSpace(_name) ? "Give the key a name." : _problem?.ErrorOf(nameof(CreateApiKeyRequest.Name));

    private string? ProjectError => _tried && _project is null && string.IsNullOrWhiteSpace(_newProject)
        ? "Give the project a name."
        : _problem?.ErrorOf(nameof(CreateApiKeyRequest.ProjectId));

    private string? ExpiryError => _problem?.ErrorOf(nameof(CreateApiKeyRequest.ExpiresAt));

    protected override void OnInitialized() => _project = Projects.Count > 0 ? Projects[0] : null;

    private static string Lifetime(int days) => days switch
    {
        0 => "Never",
        365 => "In a year",
        _ => $"In {days} days",
    };

    private Task OnKeyDownAsync(KeyboardEventArgs e) => e.Key == "Enter" ? SubmitAsync() : Task.CompletedTask;

    private async Task SubmitAsync()
    {
        _tried = true;
        _problem = null;
        if (_busy || NameError is not null || ProjectError is not null)
            return;
        _busy = true;
        StateHasChanged();
        _problem = await CreateAsync();
        _busy = false;
        if (_created is not null)
        {
            await Dialog.SetTitleAsync("Your new key");
            // Closed by its button only, so that no stray key press loses what is shown once.
            await Dialog.SetOptionsAsync(Dialog.Options with { CloseOnEscapeKey = false });
        }
        await OnChanged.InvokeAsync();
    }

    private async Task<ControlProblem?> CreateAsync()
    {
        if (_project is null)
        {
            var made = await Control.CreateProjectAsync(Tenant.Id, new() { Name = _newProject.Trim() }, CancellationToken.None);
            if (!made.Is(out var project, out var refused))
                return AtProject(refused);
            Projects = [.. Projects, project];
            _project = project;
        }
        var request = new CreateApiKeyRequest
        {
            Name = _name.Trim(),
            ProjectId = _project.Id,
            ExpiresAt = _days == 0 ? null : time.GetUtcNow().AddDays(_days),
        };
        (await Control.CreateApiKeyAsync(Tenant.Id, request, CancellationToken.None)).Is(out _created, out var problem);
        return problem?.Code is PortalProblemCodes.ControlTimedOut
            ? problem with { Detail = "The key may exist, but it cannot be shown any more. If you find it in the list, revoke it." }
            : problem;
    }

    /// <summary>What is wrong with the project's name belongs to the project's field.</summary>
    private static ControlProblem AtProject(ControlProblem problem) => problem.ErrorOf(nameof(ProjectRequest.Name)) is { } fault
        ? problem with { Errors = new Dictionary<string, string[]> { [nameof(CreateApiKeyRequest.ProjectId)] = [fault] } }
        : problem;
}
