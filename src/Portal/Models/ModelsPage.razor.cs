using Microsoft.AspNetCore.Components;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;

namespace Platform.Portal.Models;

public partial class ModelsPage(NavigationManager navigation) : TenantPage
{
    private Listing<ModelAnswer>? _models;
    private string _filter = "";

    /// <summary>The filter, so that a filtered list can be sent to a colleague.</summary>
    [SupplyParameterFromQuery(Name = "filter")]
    public string? Query { get; set; }

    private List<ModelAnswer> Shown => [.. (_models?.Items ?? []).Where(m =>
        m.Name.Value.Contains(_filter, StringComparison.OrdinalIgnoreCase) || m.OwnedBy.Contains(_filter, StringComparison.OrdinalIgnoreCase))];

    protected override void OnParametersSet() => _filter = Query ?? "";

    protected override async Task<ControlProblem?> LoadAsync(TenantRef tenant, CancellationToken cancel)
    {
        (await Control.ListModelsAsync(tenant.Id, cancel)).Is(out _models, out var problem);
        return problem;
    }

    private void Filter(string? text)
    {
        _filter = text ?? "";
        navigation.NavigateTo(navigation.GetUriWithQueryParameter("filter", _filter.Length == 0 ? null : _filter), replace: true);
    }
}
