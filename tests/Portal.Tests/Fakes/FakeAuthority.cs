using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Portal.Tests.Fakes;

/// <summary>
/// An OpenID Connect authority as a program: discovery, keys, code flow with PKCE for one user who is always signed in,
/// refresh tokens that are good once, end of session.
/// </summary>
public sealed class FakeAuthority : FakeServer
{
    public const string ClientId = "portal";
    public const string ClientSecret = "portal-secret-of-the-tests";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (string Challenge, string? Nonce, string RedirectUri)> _codes = [];
    private readonly ConcurrentDictionary<string, bool> _refreshTokens = [];
    private int _refreshes;
    private int _exchanges;

    public string Subject { get; set; } = "user-1";

    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    public bool RefusesRefresh { get; set; }

    /// <summary>When set, /authorize answers this error and no code.</summary>
    public string? AuthorizeError { get; set; }

    /// <summary>How long a refresh takes, so that callers pile up.</summary>
    public TimeSpan RefreshDelay { get; set; }

    public int Refreshes => _refreshes;

    public int Exchanges => _exchanges;

    /// <summary>When set, nobody enters a tenant.</summary>
    public bool RefusesExchange { get; set; }

    public TimeSpan InsideTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    public int EndedSessions { get; private set; }

    public SecurityKey Key => new RsaSecurityKey(_rsa) { KeyId = "test" };

    public static async Task<FakeAuthority> StartNewAsync()
    {
        var authority = new FakeAuthority();
        await authority.StartAsync();
        return authority;
    }

    /// <summary>True for an access token of this authority that is still good.</summary>
    public async Task<bool> AcceptsAsync(string? token)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new()
        {
            ValidIssuer = Url.AbsoluteUri,
            ValidAudience = "platform.api",
            IssuerSigningKey = Key,
            ClockSkew = TimeSpan.Zero,
        });
        return result.IsValid;
    }

    protected override void Map(WebApplication app)
    {
        app.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = Url.AbsoluteUri,
            authorization_endpoint = new Uri(Url, "authorize"),
            token_endpoint = new Uri(Url, "token"),
            jwks_uri = new Uri(Url, "jwks"),
            end_session_endpoint = new Uri(Url, "end-session"),
            response_types_supported = new[] { "code" },
            code_challenge_methods_supported = new[] { "S256" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        });
        app.MapGet("/jwks", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_rsa.ExportParameters(false)) { KeyId = "test" });
            return new { keys = new[] { new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, use = "sig", alg = "RS256" } } };
        });
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", TokenAsync);
        app.MapGet("/end-session", (string post_logout_redirect_uri, string? state) =>
        {
            EndedSessions++;
            return Results.Redirect(QueryHelpers.AddQueryString(post_logout_redirect_uri, "state", state ?? ""));
        });
    }

    private IResult Authorize(
        string client_id, string redirect_uri, string response_type, string scope, string state, string? nonce,
        string code_challenge, string code_challenge_method)
    {
        if (client_id != ClientId || response_type != "code" || code_challenge_method != "S256" || !scope.Split(' ').Contains("offline_access"))
            return Results.BadRequest();
        if (AuthorizeError is not null)
            return Results.Redirect(QueryHelpers.AddQueryString(redirect_uri, new Dictionary<string, string?> { ["error"] = AuthorizeError, ["state"] = state }));
        var code = Random();
        _codes[code] = (code_challenge, nonce, redirect_uri);
        return Results.Redirect(QueryHelpers.AddQueryString(redirect_uri, new Dictionary<string, string?> { ["code"] = code, ["state"] = state }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret)
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        if (form["grant_type"] == "refresh_token")
        {
            Interlocked.Increment(ref _refreshes);
            await Task.Delay(RefreshDelay);
            return RefusesRefresh || !_refreshTokens.TryRemove(form["refresh_token"]!, out _)
                ? Results.Json(new { error = "invalid_grant" }, statusCode: 400)
                : Results.Json(Tokens(null));
        }
        if (form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange")
            return await ExchangeAsync(form);
        if (!_codes.TryRemove(form["code"]!, out var issued) || issued.RedirectUri != form["redirect_uri"]
            || issued.Challenge != Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))))
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        return Results.Json(Tokens(issued.Nonce));
    }

    /// <summary>An operator's own token for one that is good inside a tenant (RFC 8693).</summary>
    private async Task<IResult> ExchangeAsync(IFormCollection form)
    {
        const string target = "urn:platform:tenant:";
        Interlocked.Increment(ref _exchanges);
        var resource = form["resource"].ToString();
        if (RefusesExchange || !await AcceptsAsync(form["subject_token"]) || form["scope"] != "platform.api" || form["reason"] == ""
            || form["subject_token_type"] != "urn:ietf:params:oauth:token-type:access_token" || !resource.StartsWith(target, StringComparison.Ordinal))
            return Results.Json(new { error = "access_denied" }, statusCode: 400);
        var tenant = resource[target.Length..];
        return Results.Json(new Dictionary<string, object>
        {
            ["token_type"] = "Bearer",
            ["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["access_token"] = Sign("platform.api", "at+jwt", [new("sub", $"tenant-{tenant}"), new("platform_tenant", tenant), new("jti", Random())], InsideTokenLifetime),
            ["expires_in"] = (long)InsideTokenLifetime.TotalSeconds,
        });
    }

    /// <summary>An access token of the user's own.</summary>
    public string AccessToken() => Sign("platform.api", "at+jwt", [new("sub", Subject), new("jti", Random())], AccessTokenLifetime);

    private Dictionary<string, object> Tokens(string? nonce)
    {
        var refresh = Random();
        _refreshTokens[refresh] = true;
        List<Claim> claims = [new("sub", Subject), new("name", "Test User"), new("email", "user@example.com")];
        if (nonce is not null)
            claims.Add(new("nonce", nonce));
        return new()
        {
            ["token_type"] = "Bearer",
            ["access_token"] = AccessToken(),
            ["id_token"] = Sign(ClientId, "JWT", claims, TimeSpan.FromMinutes(5)),
            ["refresh_token"] = refresh,
            ["expires_in"] = (long)AccessTokenLifetime.TotalSeconds,
        };
    }

    private string Sign(string audience, string type, IEnumerable<Claim> claims, TimeSpan lifetime) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Url.AbsoluteUri,
            Audience = audience,
            TokenType = type,
            Subject = new(claims),
            IssuedAt = DateTime.UtcNow,
            Expires = DateTime.UtcNow + lifetime,
            SigningCredentials = new(Key, SecurityAlgorithms.RsaSha256),
        });

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
