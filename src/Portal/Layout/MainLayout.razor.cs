using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;
using Platform.Portal.Session;

namespace Platform.Portal.Layout;

public partial class MainLayout : IDisposable
{
    private MudThemeProvider? _themes;
    private ErrorBoundary? _boundary;
    private Viewer? _viewer;
    private MeAnswer? _me;
    private ThemeChoice _theme;
    private bool _systemIsDark;
    private bool _menuOpen = true;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    internal TenantDirectory Tenants { get; set; } = null!;

    [Inject]
    internal AccessTokens Tokens { get; set; } = null!;

    private bool IsDark => _theme is ThemeChoice.Dark || (_theme is ThemeChoice.System && _systemIsDark);

    private string Path => "/" + Navigation.ToBaseRelativePath(Navigation.Uri).Split('#')[0];

    /// <summary>The tenant in the address, <c>/t/{slug}/...</c>.</summary>
    private string? Slug => new Uri(Navigation.Uri).AbsolutePath.Split('/') is ["", "t", { Length: > 0 } slug, ..] ? slug : null;

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        Tokens.Renewed -= OnTokensRenewed;
        GC.SuppressFinalize(this);
    }

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLocationChanged;
        Tokens.Renewed += OnTokensRenewed;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        var browser = await Js.InvokeAsync<Browser>("portal.viewer");
        _theme = Enum.TryParse<ThemeChoice>(browser.Theme, ignoreCase: true, out var choice) ? choice : ThemeChoice.System;
        _systemIsDark = await _themes!.GetSystemDarkModeAsync();
        await _themes.WatchSystemDarkModeAsync(OnSystemThemeChanged);
        _viewer = Viewer.Of(browser.Zone, browser.OffsetMinutes);
        StateHasChanged();
        await LoadMeAsync();
    }

    private async Task LoadMeAsync()
    {
        // What is wrong with it, the page in the middle says.
        _me = (await Tenants.GetMeAsync()).Value;
        StateHasChanged();
    }

    private async Task SetThemeAsync(ThemeChoice choice)
    {
        _theme = choice;
        await Js.InvokeVoidAsync("portal.setTheme", choice.ToString().ToLowerInvariant());
    }

    private async Task OnSystemThemeChanged(bool dark)
    {
        _systemIsDark = dark;
        await InvokeAsync(StateHasChanged);
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(async () =>
    {
        _boundary?.Recover();
        StateHasChanged();
        if (_me is null)
            await LoadMeAsync();
    });

    private void OnTokensRenewed() => _ = InvokeAsync(async () =>
    {
        try
        {
            await Js.InvokeVoidAsync("portal.keepSession");
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone; the next one that it opens takes the tokens to its cookie.
        }
    });

    private sealed record Browser(string Zone, int OffsetMinutes, string Theme);
}
