using Microsoft.JSInterop;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;
using Platform.Portal.Layout;

namespace Platform.Portal.Operators;

public partial class AgentsPage(IJSRuntime js, TimeProvider time, ILogger<AgentsPage> logger) : LoadedPage
{
    private Listing<AgentAnswer>? _agents;
    private VisiblePoll? _poll;

    protected override Task OnInitializedAsync() => ReloadAsync();

    protected override async Task<ControlProblem?> LoadAsync(CancellationToken cancel)
    {
        if (!(await Control.ListAgentsAsync(cancel)).Is(out var agents, out var problem))
            return problem;
        _agents = agents;
        return null;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
            return;
        _poll = new(js, time, logger);
        _poll.Start(InvokeAsync, RefreshAsync);
    }

    protected override void Dispose(bool disposing)
    {
        _poll?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<bool> RefreshAsync()
    {
        if (!Busy)
            await ReloadAsync();
        StateHasChanged();
        return Problem is null;
    }
}
