using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Json;
using RabbitMQ.Client;

namespace Platform.Control.Tests.Agents;

/// <summary>An agent as the test plays it: real keys, real enrolment, real tokens.</summary>
internal sealed class EnrolledAgent(ControlApp control) : IDisposable
{
    private readonly ECDiffieHellman _encryption = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    public ECDsa Signing { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public EnrolAgentAnswer Answer { get; private set; } = null!;

    public AgentSecrets Secrets { get; private set; } = null!;

    public HttpClient Http { get; } = new() { BaseAddress = control.Url };

    public static async Task<EnrolledAgent> EnrolAsync(ControlApp control, string group = "default")
    {
        var agent = new EnrolledAgent(control);
        using var answer = await agent.TryEnrolAsync(await TokenAsync(control, group));
        answer.EnsureSuccessStatusCode();
        agent.Answer = (await answer.Content.ReadFromJsonAsync<EnrolAgentAnswer>())!;
        agent.Secrets = agent.Open(agent.Answer.Secrets);
        agent.Http.DefaultRequestHeaders.Authorization = new("Bearer", await agent.AccessTokenAsync());
        return agent;
    }

    public static async Task<string> TokenAsync(ControlApp control, string group = "default", int validMinutes = 60)
    {
        using var http = await control.OperatorAsync();
        using var answer = await http.PostAsync($"api/v1/agent-groups/{group}/enrolment-tokens", new { validMinutes });
        return (await answer.ShouldBeAsync<EnrolmentTokenAnswer>(HttpStatusCode.OK)).Token!;
    }

    public Task<HttpResponseMessage> TryEnrolAsync(string token, string? signingKey = null, string name = "agent") => Http.PostAsJsonAsync("agent/v1/enrolment", new
    {
        token,
        name,
        version = "1.0",
        hostKind = "server",
        signingKey = signingKey ?? Convert.ToBase64String(Signing.ExportSubjectPublicKeyInfo()),
        encryptionKey = Convert.ToBase64String(_encryption.ExportSubjectPublicKeyInfo()),
    });

    public AgentSecrets Open(SealedForAgent secrets) =>
        JsonSerializer.Deserialize(secrets.Open(_encryption, Answer.AgentId), WireJson.Default.AgentSecrets)!;

    /// <summary>As the agent's own broker user.</summary>
    public ConnectionFactory BrokerFactory => new()
    {
        HostName = Secrets.Broker.Host,
        Port = Secrets.Broker.Port,
        VirtualHost = Secrets.Broker.VirtualHost,
        UserName = Secrets.Broker.User,
        Password = Secrets.Broker.Password,
        AutomaticRecoveryEnabled = false,
    };

    public async Task<string> AccessTokenAsync()
    {
        using var answer = await AskForTokenAsync();
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()!;
    }

    public Task<HttpResponseMessage> AskForTokenAsync()
    {
        var assertion = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "client-authentication+jwt",
            Issuer = Answer.ClientId,
            Audience = Answer.Issuer.ToString(),
            Claims = new Dictionary<string, object> { ["sub"] = Answer.ClientId, ["jti"] = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) },
            Expires = DateTime.UtcNow.AddMinutes(1),
            SigningCredentials = new(new ECDsaSecurityKey(Signing), SecurityAlgorithms.EcdsaSha256),
        });
        return Http.PostAsync(Answer.TokenEndpoint, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = AgentApi.Scope,
            ["client_id"] = Answer.ClientId,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = assertion,
        }));
    }

    /// <summary>The answer of a catch-up: its head, and its resources by kind and key.</summary>
    public async Task<(ConfigCatchUpHead Head, List<ConfigResource> Resources)> CatchUpAsync(long after = 0, Guid? epoch = null, HttpClient? from = null)
    {
        using var answer = await (from ?? Http).GetAsync(new Uri($"agent/v1/config?after={after}&epoch={epoch}", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (
            JsonSerializer.Deserialize(lines[0], WireJson.Default.ConfigCatchUpHead)!,
            [.. lines.Skip(1).Select(l => JsonSerializer.Deserialize(l, WireJson.Default.ConfigResource)!)]);
    }

    public void Dispose()
    {
        _encryption.Dispose();
        Signing.Dispose();
        Http.Dispose();
    }
}
