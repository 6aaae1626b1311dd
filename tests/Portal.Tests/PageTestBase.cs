using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using MudBlazor;
using MudBlazor.Services;
using Platform.Portal.ControlApi;
using Platform.Portal.Session;
using Platform.Portal.Tests.Fakes;

namespace Platform.Portal.Tests;

/// <summary>Pages as components, with a Control that is a real server.</summary>
public abstract class PageTestBase : IAsyncLifetime
{
    private const string SessionId = "session-of-the-test";

    internal TokenStore Tokens { get; } = new();

    protected BunitContext Page { get; } = new();

    protected FakeControl Control { get; private set; } = null!;

    protected FakeAuthority Authority { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Control = await FakeControl.StartNewAsync();
        Authority = await FakeAuthority.StartNewAsync();
        Page.JSInterop.Mode = JSRuntimeMode.Loose;
        Page.Services.AddMudServices();
        Page.Services.AddSingleton(TimeProvider.System);
        Page.Services.AddSingleton(new PortalSettings { ControlUrl = Control.Url, GatewayUrls = [new("http://localhost:8080")] });
        Page.Services.AddSingleton(Tokens).AddSingleton<TokenEndpoint>().AddSingleton<SessionRefresh>().AddSingleton<TenantEntry>().AddScoped<AccessTokens>();
        Page.Services.Configure<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme, Trust);
        Page.Services.AddScoped<ControlClient>().AddScoped<TenantDirectory>();
        Page.Services.AddHttpClient<ControlCalls>(http => http.BaseAddress = Control.Url);
        Tokens.GetOrAdd(SessionId, new(Authority.AccessToken(), null, DateTimeOffset.UtcNow.AddHours(1)));
        Page.AddAuthorization().SetAuthorized("user").SetClaims(new Claim(SessionCookie.SessionIdClaim, SessionId));
    }

    public async ValueTask DisposeAsync()
    {
        await Page.DisposeAsync();
        await Control.DisposeAsync();
        await Authority.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The page among the providers that the layout gives it.</summary>
    protected IRenderedComponent<IComponent> Render<TPage>(params (string Name, object Value)[] parameters)
        where TPage : IComponent =>
        Page.Render(builder =>
        {
            builder.OpenComponent<MudPopoverProvider>(0);
            builder.CloseComponent();
            builder.OpenComponent<MudDialogProvider>(1);
            builder.CloseComponent();
            builder.OpenComponent<MudSnackbarProvider>(2);
            builder.CloseComponent();
            builder.OpenComponent<TPage>(3);
            foreach (var (name, value) in parameters)
                builder.AddComponentParameter(4, name, value);
            builder.CloseComponent();
        });

    protected static string TestId(string id) => $"[data-testid='{id}']";

    private void Trust(OpenIdConnectOptions options)
    {
        options.ClientId = FakeAuthority.ClientId;
        options.ClientSecret = FakeAuthority.ClientSecret;
        options.Backchannel = new HttpClient();
        options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(new() { TokenEndpoint = new Uri(Authority.Url, "token").AbsoluteUri });
    }

    protected void EndSession() => Tokens.End(SessionId);
}
