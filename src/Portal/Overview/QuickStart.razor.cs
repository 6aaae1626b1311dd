using Microsoft.AspNetCore.Components;

namespace Platform.Portal.Overview;

public partial class QuickStart
{
    private string? _model;

    [Parameter, EditorRequired]
    public string Slug { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<string> Models { get; set; } = [];

    private IEnumerable<(string Name, string Id, string Text)> All
    {
        get
        {
            var (gateway, model) = (Settings.GatewayUrls[0], _model!);
            return
            [
                ("curl", "snippet-curl", Snippets.Curl(gateway, model)),
                ("Python", "snippet-python", Snippets.Python(gateway, model)),
                ("C#", "snippet-csharp", Snippets.CSharp(gateway, model)),
            ];
        }
    }

    protected override void OnParametersSet() =>
        _model = _model is not null && Models.Contains(_model) ? _model : Models.Count > 0 ? Models[0] : null;
}
