using System.Net;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests;

/// <summary>Operators who enter tenants, as the portal and programs do it.</summary>
internal static class TokenExchanges
{
    /// <summary>A program with an operator's role and a token of its own.</summary>
    public static async Task<ClientWithToken> OperatorWithTokenAsync(this ControlApp control, string role = OperatorRoles.Operator)
    {
        var (id, secret) = await control.ClientAsync();
        await control.Database.InPlatformAsync(
            (db, ct) =>
            {
                db.Operators.Add(new() { Principal = id, Role = role, CreatedAt = DateTimeOffset.UtcNow });
                return db.SaveChangesAsync(ct);
            },
            TestContext.Current.CancellationToken);
        return new(id, secret, await control.TokenAsync(id, secret));
    }

    /// <summary>The caller with a token that was exchanged for the tenant.</summary>
    public static async Task<HttpClient> EnterAsync(this ControlApp control, ClientWithToken caller, TenantId tenant, bool raised = false)
    {
        using var answer = await control.ExchangeAsync(caller, tenant, raised);
        var token = await answer.ShouldBeAsync<ControlApp.TokenAnswer>(HttpStatusCode.OK);
        return control.With(token.AccessToken);
    }

    /// <param name="changes">Parameters to put in the place of the usual ones; null leaves one out.</param>
    public static async Task<HttpResponseMessage> ExchangeAsync(
        this ControlApp control, ClientWithToken caller, TenantId tenant, bool raised = false, params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["client_id"] = caller.Id,
            ["client_secret"] = caller.Secret,
            ["subject_token"] = caller.Token,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["resource"] = $"urn:platform:tenant:{tenant}",
            ["scope"] = raised ? "platform.api platform.tenant.write" : "platform.api",
            ["reason"] = "ticket 7",
        };
        foreach (var (name, value) in changes)
            parameters[name] = value;
        using var http = control.Anonymous();
        using var form = new FormUrlEncodedContent(parameters.Where(p => p.Value is not null)!);
        return await http.PostAsync("/connect/token", form, TestContext.Current.CancellationToken);
    }

    /// <summary>The token endpoint's answer to client credentials.</summary>
    public static async Task<HttpResponseMessage> ClientTokenAsync(this ControlApp control, string id, string secret, string scope)
    {
        using var http = control.Anonymous();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id,
            ["client_secret"] = secret,
            ["scope"] = scope,
        });
        return await http.PostAsync("/connect/token", form, TestContext.Current.CancellationToken);
    }

    public static HttpClient With(this ControlApp control, string token)
    {
        var http = control.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return http;
    }
}

internal sealed record ClientWithToken(string Id, string Secret, string Token);
