using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Local.Demo;

namespace Platform.E2E;

/// <summary>
/// Somebody else's OpenID Connect server: code with PKCE for one person who is always signed in, refresh tokens, client
/// credentials, access tokens for the platform's API.
/// </summary>
internal sealed class ForeignServer : IAsyncDisposable
{
    public static readonly DemoClient Automation = new("their-automation", "the secret of their automation");

    private const string Person = "their|person";

    private static readonly DemoClient Portal = new("their-portal", "the secret of their portal");

    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "foreign" };
    private readonly ConcurrentDictionary<string, (string Challenge, string? Nonce, string RedirectUri)> _codes = [];
    private readonly WebApplication _app;
    private int _signIns;

    private ForeignServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
    }

    public string Url { get; private set; } = "";

    public int SignIns => _signIns;

    public static async Task<ForeignServer> StartAsync()
    {
        var server = new ForeignServer();
        server.Map();
        await server._app.StartAsync();
        server.Url = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    /// <summary>What <c>./platform up</c> has to know of it.</summary>
    public Dictionary<string, string> Environment() => new()
    {
        ["PLATFORM_AUTHORITY"] = Url,
        ["PLATFORM_AUTHORITY_PORTAL"] = $"{Portal.ClientId}:{Portal.ClientSecret}",
        ["PLATFORM_AUTHORITY_AUTOMATION"] = $"{Automation.ClientId}:{Automation.ClientSecret}",
        ["PLATFORM_AUTHORITY_OPERATOR"] = "their|operator",
        ["PLATFORM_AUTHORITY_ADMIN"] = Person,
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Url,
            authorization_endpoint = Url + "/sign-in",
            token_endpoint = Url + "/tokens",
            jwks_uri = Url + "/keys",
            end_session_endpoint = Url + "/sign-out",
        }));
        _app.MapGet("/keys", () =>
        {
            var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(_key);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = _key.KeyId, n = jwk.N, e = jwk.E } } });
        });
        _app.MapGet("/sign-in", (string client_id, string redirect_uri, string state, string? nonce, string code_challenge) =>
        {
            if (client_id != Portal.ClientId)
                return Results.BadRequest();
            var code = Guid.NewGuid().ToString("N");
            _codes[code] = (code_challenge, nonce, redirect_uri);
            return Results.Redirect(QueryHelpers.AddQueryString(redirect_uri, new Dictionary<string, string?> { ["code"] = code, ["state"] = state }));
        });
        _app.MapPost("/tokens", TokensAsync);
    }

    private async Task<IResult> TokensAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var client = new DemoClient(form["client_id"].ToString(), form["client_secret"].ToString());
        switch (form["grant_type"].ToString())
        {
            case "client_credentials" when client == Automation:
                return Results.Json(new { token_type = "Bearer", expires_in = 3600, access_token = Sign("platform.api", "at+jwt", new() { ["sub"] = client.ClientId }) });
            case "refresh_token" when client == Portal:
                return Results.Json(Answer(null));
            case "authorization_code" when client == Portal
                && _codes.TryRemove(form["code"].ToString(), out var issued)
                && issued.RedirectUri == form["redirect_uri"]
                && issued.Challenge == Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))):
                Interlocked.Increment(ref _signIns);
                return Results.Json(Answer(issued.Nonce));
            default:
                return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }
    }

    private Dictionary<string, object> Answer(string? nonce)
    {
        var identity = new Dictionary<string, object> { ["sub"] = Person, ["name"] = "A person of theirs", ["email"] = "person@theirs.example" };
        if (nonce is not null)
            identity["nonce"] = nonce;
        return new()
        {
            ["token_type"] = "Bearer",
            ["expires_in"] = 3600,
            ["access_token"] = Sign("platform.api", "at+jwt", new() { ["sub"] = Person }),
            ["id_token"] = Sign(Portal.ClientId, "JWT", identity),
            ["refresh_token"] = Guid.NewGuid().ToString("N"),
        };
    }

    private string Sign(string audience, string type, Dictionary<string, object> claims) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Url,
        Audience = audience,
        TokenType = type,
        Claims = claims,
        Expires = DateTime.UtcNow.AddHours(1),
        SigningCredentials = new(_key, SecurityAlgorithms.RsaSha256),
    });
}
