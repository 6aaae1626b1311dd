using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Bootstrap;
using Platform.Control.Identity;

namespace Platform.Control.Tests.Members;

/// <summary>An account with a confirmed address, and a token of the authority's for it.</summary>
internal sealed record Person(string Principal, string Email, HttpClient Http) : IDisposable
{
    /// <summary>Somebody new; with a tenant, a member of it in the role.</summary>
    public static async Task<Person> NewAsync(ControlApp control, TenantId? tenant = null, string? role = null, string? email = null)
    {
        email ??= $"{Guid.NewGuid():N}@people.example";
        await using var scope = control.Services.CreateAsyncScope();
        var principal = await scope.ServiceProvider.GetRequiredService<BootstrapUsers>().EnsureAsync(email, ControlApp.Password);
        if (tenant is { } t)
        {
            await control.Database.InPlatformAsync(
                (db, ct) =>
                {
                    db.Memberships.Add(new() { TenantId = t, Principal = principal, Role = role!, Email = email, CreatedAt = DateTimeOffset.UtcNow });
                    return db.SaveChangesAsync(ct);
                },
                TestContext.Current.CancellationToken);
        }
        var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token(control, principal, email));
        return new(principal, email, http);
    }

    public static string Token(ControlApp control, string principal, string? email, string scope = ApiScopes.All) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = control.Url.ToString(),
        Audience = "platform.api",
        TokenType = "at+jwt",
        Claims = new Dictionary<string, object> { ["sub"] = principal, ["scope"] = scope, ["email"] = email ?? "" },
        Expires = DateTime.UtcNow.AddMinutes(5),
        SigningCredentials = new(control.Services.GetRequiredService<SigningKeys>().Verifying[0], SecurityAlgorithms.RsaSha256),
    });

    public void Dispose() => Http.Dispose();
}
