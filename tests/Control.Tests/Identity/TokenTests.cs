using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Identity;

/// <summary>The authority's token endpoint and what the API makes of its tokens.</summary>
public sealed class TokenTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_client_gets_an_access_token_that_anybody_can_read_and_verify()
    {
        var (id, secret) = await control.ClientAsync();

        var token = new JsonWebToken(await control.TokenAsync(id, secret));

        token.Typ.ShouldBe("at+jwt");
        token.Alg.ShouldBe(SecurityAlgorithms.RsaSha256);
        token.Audiences.ShouldBe(["platform.api"]);
        token.Subject.ShouldBe(id);
        token.Issuer.ShouldBe(control.Url.ToString());
        var keys = await KeysAsync();
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token.EncodedToken, new()
        {
            ValidIssuer = control.Url.ToString(),
            ValidAudience = "platform.api",
            IssuerSigningKeys = keys,
        });
        result.IsValid.ShouldBeTrue(result.Exception?.Message);
    }

    [Fact]
    public async Task A_wrong_secret_and_a_scope_that_is_not_the_clients_are_refused()
    {
        var (id, secret) = await control.ClientAsync();

        (await ErrorAsync(id, "wrong", "platform.api")).ShouldBe("invalid_client");
        (await ErrorAsync(id, secret, "platform.agent")).ShouldBe("invalid_request");
        (await ErrorAsync(id, secret, "nonsense")).ShouldBe("invalid_scope");
    }

    [Fact]
    public async Task A_client_with_a_key_proves_itself_with_a_signed_assertion()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = await KeyClientAsync(key);

        using var answer = await AssertAsync(id, key);
        using var forged = await AssertAsync(id, ECDsa.Create(ECCurve.NamedCurves.nistP256));

        var token = new JsonWebToken((await answer.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK)).AccessToken);
        token.Audiences.ShouldBe(["platform.agent"]);
        token.Subject.ShouldBe(id);
        forged.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.EncodedToken);
        using var api = await http.GetAsync("/api/v1/me", Cancel);
        await api.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated);
    }

    [Fact]
    public async Task A_token_signed_by_somebody_else_or_of_another_type_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var stranger = Mint(new RsaSecurityKey(rsa), "at+jwt");
        var wrongType = Mint(control.Services.GetRequiredService<Platform.Control.Identity.SigningKeys>().Verifying[0], "JWT");
        var right = Mint(control.Services.GetRequiredService<Platform.Control.Identity.SigningKeys>().Verifying[0], "at+jwt");

        (await StatusAsync(stranger)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(wrongType)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(right)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_published_keys_hold_no_private_part()
    {
        using var http = control.Anonymous();
        var keys = (await http.GetAsync<JsonElement>("/.well-known/jwks")).GetProperty("keys");

        keys.GetArrayLength().ShouldBe(1);
        keys[0].TryGetProperty("d", out _).ShouldBeFalse();
        keys[0].GetProperty("kid").GetString().ShouldNotBeNullOrEmpty();
    }

    private string Mint(SecurityKey key, string type) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = control.Url.ToString(),
        Audience = "platform.api",
        TokenType = type,
        Claims = new Dictionary<string, object> { ["sub"] = "somebody" },
        Expires = DateTime.UtcNow.AddMinutes(5),
        SigningCredentials = new(key, SecurityAlgorithms.RsaSha256),
    });

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var answer = await http.GetAsync("/api/v1/me", Cancel);
        return answer.StatusCode;
    }

    private async Task<IList<SecurityKey>> KeysAsync()
    {
        using var http = control.Anonymous();
        return JsonWebKeySet.Create(await http.GetStringAsync("/.well-known/jwks", Cancel)).GetSigningKeys();
    }

    private async Task<string> ErrorAsync(string id, string secret, string scope)
    {
        using var http = control.Anonymous();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id,
            ["client_secret"] = secret,
            ["scope"] = scope,
        });
        using var answer = await http.PostAsync("/connect/token", form, Cancel);
        ((int)answer.StatusCode).ShouldBeInRange(400, 401);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("error").GetString()!;
    }

    private async Task<string> KeyClientAsync(ECDsa key)
    {
        var id = $"agent-{Guid.NewGuid()}";
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new(ECDsa.Create(key.ExportParameters(false))));
        await using var scope = control.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(
            new OpenIddictApplicationDescriptor
            {
                ClientId = id,
                ClientType = OpenIddictConstants.ClientTypes.Confidential,
                JsonWebKeySet = new() { Keys = { jwk } },
                Permissions =
                {
                    OpenIddictConstants.Permissions.Endpoints.Token,
                    OpenIddictConstants.Permissions.GrantTypes.ClientCredentials,
                    OpenIddictConstants.Permissions.Prefixes.Scope + "platform.agent",
                },
            },
            Cancel);
        return id;
    }

    private async Task<HttpResponseMessage> AssertAsync(string id, ECDsa key)
    {
        var assertion = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = id,
            Audience = control.Url.ToString(),
            TokenType = "client-authentication+jwt",
            Claims = new Dictionary<string, object> { ["sub"] = id, ["jti"] = Guid.NewGuid().ToString() },
            Expires = DateTime.UtcNow.AddMinutes(1),
            SigningCredentials = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });
        using var http = control.Anonymous();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
            ["scope"] = "platform.agent",
        });
        return await http.PostAsync("/connect/token", form, Cancel);
    }
}
