using Microsoft.AspNetCore.Components;

namespace Platform.Portal.Overview;

public partial class QuickStart
{
    private string? _model;

    [Parameter, EditorRequired]
    public string Slug { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<string> Models { get; set; } = [];

    private IEnumerable<(string Name, string Text)> All
    {
        get
        {
            var (gateway, model) = (Settings.GatewayUrls[0], _model!);
            return [("curl", Snippets.Curl(gateway, model)), ("Python", Snippets.Python(gateway, model)), ("CSharp", Snippets.CSharp(gateway, model))];
        }
    }

    protected override void OnParametersSet() =>
        _model = _model is not null && Models.Contains(_model) ? _model : Models.Count > 0 ? Models[0] : null;
}
