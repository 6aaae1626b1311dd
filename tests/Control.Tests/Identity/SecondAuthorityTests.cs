using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Identity;

/// <summary>Any server that speaks OpenID Connect can take the authority's place: the API knows it by its address only.</summary>
public sealed class SecondAuthorityTests(Servers servers)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_api_takes_the_tokens_of_the_authority_that_the_settings_name_and_no_others()
    {
        await using var authority = await OtherAuthority.StartAsync();
        await using var control = new ControlApp(servers) { Settings = { ["Identity:Authority"] = authority.Url } };
        await control.InitializeAsync();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Operators.Add(new() { Principal = "their-user", Role = OperatorRoles.Operator, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        var (id, secret) = await control.ClientAsync();

        using var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", authority.Token("their-user"));
        var me = await http.GetAsync<MeAnswer>("/api/v1/me");
        http.DefaultRequestHeaders.Authorization = new("Bearer", await control.TokenAsync(id, secret));
        using var own = await http.GetAsync("/api/v1/me", Cancel);

        me.Subject.ShouldBe("their-user");
        me.OperatorRole.ShouldBe(OperatorRoles.Operator);
        await own.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, ProblemCodes.Unauthenticated);
    }

    [Fact]
    public async Task Its_people_are_people_its_programs_are_not_and_it_gives_programs_their_secrets()
    {
        await using var authority = await OtherAuthority.StartAsync();
        await using var control = new ControlApp(servers) { Settings = { ["Identity:Authority"] = authority.Url } };
        await control.InitializeAsync();
        var tenant = TenantId.Platform;
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Operators.Add(new() { Principal = "their-user", Role = OperatorRoles.Operator, CreatedAt = DateTimeOffset.UtcNow });
                db.Operators.Add(new() { Principal = "their-program", Role = OperatorRoles.Operator, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            Cancel);
        using var person = control.With(authority.Token("their-user"));
        using var program = control.With(authority.Token("their-program", client: "their-program"));

        await person.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "a person's" });
        await program.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "a program's" });
        using var client = await person.PostAsync(
            $"/api/v1/tenants/{tenant}/service-clients", new ServiceClientRequest { Name = "c", Role = TenantRoles.Developer, Scopes = [ApiScopes.All] });
        using var signUp = await program.PostAsync("/api/v1/sign-ups", new SignUpRequest { TenantName = "Mine", Slug = "their-programs" });

        (await control.EventsAsync("their-user")).Single(e => e.Action == "project.create").ActorKind.ShouldBe(ActorKinds.User);
        (await control.EventsAsync("their-program")).Single(e => e.Action == "project.create").ActorKind.ShouldBe(ActorKinds.Client);
        await client.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.AuthorityElsewhere);
        await signUp.ShouldBeProblemAsync(HttpStatusCode.Forbidden, ProblemCodes.PeopleOnly);
    }

    private sealed class OtherAuthority(WebApplication app, RsaSecurityKey key) : IAsyncDisposable
    {
        public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        public static async Task<OtherAuthority> StartAsync()
        {
            var key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "theirs" };
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            app.MapGet("/.well-known/openid-configuration", (HttpRequest request) =>
            {
                var url = $"http://{request.Host}";
                return Results.Json(new { issuer = url, jwks_uri = url + "/keys" });
            });
            app.MapGet("/keys", () =>
            {
                var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(key);
                return Results.Json(new { keys = new[] { new { kty = "RSA", kid = key.KeyId, n = jwk.N, e = jwk.E } } });
            });
            await app.StartAsync(Cancel);
            return new(app, key);
        }

        /// <param name="client">Whose token it is (RFC 9068); left out as not every authority says it.</param>
        public string Token(string subject, string? client = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Url,
            Audience = "platform.api",
            TokenType = "at+jwt",
            Claims = client is null ? new Dictionary<string, object> { ["sub"] = subject } : new Dictionary<string, object> { ["sub"] = subject, ["client_id"] = client },
            Expires = DateTime.UtcNow.AddMinutes(5),
            SigningCredentials = new(key, SecurityAlgorithms.RsaSha256),
        });

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
