using Microsoft.AspNetCore.Components;
using MudBlazor;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;

namespace Platform.Portal.Keys;

public partial class KeysPage(IDialogService dialogs, ISnackbar snackbar, TimeProvider time) : TenantPage
{
    private Listing<ApiKeyAnswer>? _keys;
    private IReadOnlyList<ProjectAnswer> _projects = [];
    private ControlProblem? _actionProblem;

    private DateTimeOffset Now => time.GetUtcNow();

    protected override async Task<ControlProblem?> LoadAsync(TenantRef tenant, CancellationToken cancel)
    {
        var listing = Control.ListProjectsAsync(tenant.Id, cancel);
        var keys = await Control.ListApiKeysAsync(tenant.Id, cancel);
        if (!(await listing).Is(out var projects, out var problem) || !keys.Is(out var listed, out problem))
            return problem;
        _projects = projects.Items;
        _keys = listed with { Items = [.. listed.Items.OrderByDescending(k => k.CreatedAt)] };
        return null;
    }

    private string ProjectName(ProjectId id) => _projects.FirstOrDefault(p => p.Id == id)?.Name ?? id.ToString();

    private async Task CreateAsync()
    {
        _actionProblem = null;
        var parameters = new DialogParameters<CreateKeyDialog>
        {
            { d => d.Tenant, Tenant! },
            { d => d.Projects, _projects },
            { d => d.OnChanged, EventCallback.Factory.Create(this, ReloadAsync) },
        };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, BackdropClick = false, CloseOnEscapeKey = true };
        var dialog = await dialogs.ShowAsync<CreateKeyDialog>("Create a key", parameters, options);
        await dialog.Result;
    }

    private async Task RevokeAsync(ApiKeyAnswer key)
    {
        _actionProblem = null;
        var parameters = new DialogParameters<RevokeKeyDialog> { { d => d.Key, key } };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, CloseOnEscapeKey = true };
        var dialog = await dialogs.ShowAsync<RevokeKeyDialog>("Revoke this key?", parameters, options);
        if (await dialog.Result is not { Canceled: false })
            return;
        if ((await Control.RevokeApiKeyAsync(Tenant!.Id, key.Id, Gone)).Is(out var revoked, out var problem))
            snackbar.Add($"{revoked.Name} is revoked.", Severity.Success);
        _actionProblem = problem;
        await ReloadAsync();
    }
}
