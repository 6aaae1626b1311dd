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

namespace Platform.Control.Tests.Identity;

/// <summary>What a tenant's provider does wrong.</summary>
public enum ProviderFault
{
    None,
    Nonce,
    Audience,
    SecondAudience,
    Issuer,
    Expired,
    NotSigned,
    ForeignKey,
    SharedSecret,
    OtherDomain,
    UnverifiedAddress,
    NoAddress,
    TwoAtSigns,
    TokenHangs,
    TokenRedirects,
    TokenIsHuge,
    AnswersForAnother,
}

/// <summary>
/// A tenant's OpenID Connect server as a program: discovery, keys, a code for a person who is always signed in, PKCE, id
/// tokens that can be wrong in every way.
/// </summary>
public sealed class ProviderServer : IAsyncLifetime
{
    public const string ClientId = "platform";
    public const string ClientSecret = "what the platform knows at the provider";

    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "theirs" };
    private readonly RsaSecurityKey _foreign = new(RSA.Create(2048)) { KeyId = "theirs" };
    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri)> _codes = [];
    private WebApplication? _app;

    public string Url { get; private set; } = "";

    public ProviderFault Fault { get; set; }

    public string Subject { get; set; } = "";

    public string Email { get; set; } = "";

    public string[] Groups { get; set; } = [];

    /// <summary>What <c>/proof</c> shows.</summary>
    public string Proof { get; set; } = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Url,
            authorization_endpoint = Url + "/authorize",
            token_endpoint = Url + "/token",
            jwks_uri = Url + "/keys",
        }));
        _app.MapGet("/keys", () =>
        {
            var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(_key);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = _key.KeyId, n = jwk.N, e = jwk.E } } });
        });
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/proof", () => Results.Text(Proof));
        _app.MapGet("/proof-moved", () => Results.Redirect("/proof"));
        await _app.StartAsync();
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private IResult Authorize(string client_id, string redirect_uri, string response_type, string scope, string state, string nonce, string code_challenge, string code_challenge_method)
    {
        if (client_id != ClientId || response_type != "code" || code_challenge_method != "S256" || !scope.Split(' ').Contains("openid"))
            return Results.BadRequest();
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (code_challenge, nonce, redirect_uri);
        var answer = new Dictionary<string, string?> { ["code"] = code, ["state"] = state, ["iss"] = Fault == ProviderFault.AnswersForAnother ? "https://another.example" : Url };
        return Results.Redirect(QueryHelpers.AddQueryString(redirect_uri, answer));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{Uri.EscapeDataString(ClientSecret)}"));
        if (request.Headers.Authorization != $"Basic {credentials}"
            || !_codes.TryRemove(form["code"].ToString(), out var issued)
            || issued.RedirectUri != form["redirect_uri"]
            || issued.Challenge != Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))))
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        switch (Fault)
        {
            case ProviderFault.TokenHangs:
                await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return Results.Empty;
            case ProviderFault.TokenRedirects:
                return Results.Redirect("/token-elsewhere", preserveMethod: true);
            case ProviderFault.TokenIsHuge:
                return Results.Text(new string(' ', 1024 * 1024));
            default:
                return Results.Json(new { access_token = "none of ours", token_type = "Bearer", id_token = IdToken(issued.Nonce) });
        }
    }

    private string IdToken(string nonce)
    {
        var claims = new Dictionary<string, object> { ["sub"] = Subject, ["nonce"] = Fault == ProviderFault.Nonce ? "another" : nonce, ["groups"] = Groups };
        if (Fault != ProviderFault.NoAddress)
        {
            claims["email"] = Fault switch
            {
                ProviderFault.OtherDomain => "somebody@another.example",
                ProviderFault.TwoAtSigns => $"somebody@another.example@{Email.Split('@')[1]}",
                _ => Email,
            };
        }
        if (Fault == ProviderFault.UnverifiedAddress)
            claims["email_verified"] = false;
        if (Fault == ProviderFault.SecondAudience)
            claims["azp"] = "another-client";
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Fault == ProviderFault.Issuer ? "https://another.example" : Url,
            Audience = Fault == ProviderFault.Audience ? "another-client" : ClientId,
            Claims = claims,
            IssuedAt = DateTime.UtcNow.AddMinutes(-20),
            Expires = DateTime.UtcNow.AddMinutes(Fault == ProviderFault.Expired ? -10 : 5),
            SigningCredentials = Fault switch
            {
                ProviderFault.NotSigned => null,
                ProviderFault.ForeignKey => new(_foreign, SecurityAlgorithms.RsaSha256),
                ProviderFault.SharedSecret => new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(ClientSecret)) { KeyId = "theirs" }, SecurityAlgorithms.HmacSha256),
                _ => new(_key, SecurityAlgorithms.RsaSha256),
            },
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }
}
