using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Enrolment;

namespace Platform.Control.Tests.Agents;

public sealed class EnrolmentTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_enrolled_agent_gets_tokens_secrets_configuration_and_a_broker_user()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);

        agent.Answer.Group.Value.ShouldBe("default");
        agent.Answer.ClientId.ShouldBe($"agent-{agent.Answer.AgentId}");
        agent.Secrets.GroupKeys.ShouldHaveSingleItem().Key.Length.ShouldBe(32);
        var again = agent.Open((await agent.Http.GetFromJsonAsync<SealedForAgent>("agent/v1/secrets", Ct))!);
        again.Broker.ShouldBe(agent.Secrets.Broker);
        again.GroupKeys[0].Key.ShouldBe(agent.Secrets.GroupKeys[0].Key);
        (await agent.CatchUpAsync()).Head.Full.ShouldBeTrue();
        await using var connection = await agent.BrokerFactory.CreateConnectionAsync(Ct);
        connection.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task A_token_is_good_for_one_enrolment_however_many_try_at_once()
    {
        var token = await EnrolledAgent.TokenAsync(control);
        var agents = Enumerable.Range(0, 8).Select(_ => new EnrolledAgent(control)).ToList();

        var name = $"one of eight {Guid.NewGuid():N}";
        var answers = await Task.WhenAll(agents.Select(a => a.TryEnrolAsync(token, name: name)));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Forbidden).ShouldBe(7);
        var agent = await answers.Single(a => a.IsSuccessStatusCode).ShouldBeAsync<EnrolAgentAnswer>(HttpStatusCode.OK);
        var clients = await control.Database.InPlatformAsync(
            (db, ct) => db.Database.SqlQuery<string>($"SELECT client_id AS \"Value\" FROM identity.clients WHERE display_name = {name}").ToListAsync(ct), Ct);
        clients.ShouldBe([agent.ClientId]);
    }

    [Fact]
    public async Task What_is_wrong_with_an_enrolment_is_not_told()
    {
        using var agent = new EnrolledAgent(control);
        var token = await EnrolledAgent.TokenAsync(control);
        await control.Database.InPlatformAsync((db, ct) => db.EnrolmentTokens.ExecuteUpdateAsync(e => e.SetProperty(t => t.ExpiresAt, DateTimeOffset.UtcNow), ct), Ct);
        var good = await EnrolledAgent.TokenAsync(control);

        var bodies = new HashSet<string>();
        foreach (var attempt in new[] { agent.TryEnrolAsync("enr-unknown"), agent.TryEnrolAsync(token), agent.TryEnrolAsync(good, "bm8ga2V5") })
        {
            using var answer = await attempt;
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
            problem.GetProperty("code").GetString().ShouldBe(ProblemCodes.EnrolmentRefused);
            bodies.Add(problem.GetProperty("detail").GetString()!);
        }
        bodies.Count.ShouldBe(1);
        (await agent.TryEnrolAsync(good)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_agent_is_cut_off_everywhere()
    {
        using var agent = await EnrolledAgent.EnrolAsync(control);
        await using var connection = await agent.BrokerFactory.CreateConnectionAsync(Ct);
        using var http = await control.OperatorAsync();
        var closed = new TaskCompletionSource();
        connection.ConnectionShutdownAsync += (_, _) => { closed.TrySetResult(); return Task.CompletedTask; };

        using var answer = await http.PostAsync(new Uri($"api/v1/agents/{agent.Answer.AgentId}/revoke", UriKind.Relative), null, Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadFromJsonAsync<AgentAnswer>(Ct))!.RevokedAt.ShouldNotBeNull();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(1), Ct);
        using var call = await agent.Http.GetAsync(new Uri("agent/v1/secrets", UriKind.Relative), Ct);
        call.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await call.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("code").GetString().ShouldBe(ProblemCodes.AgentRevoked);
        using var refused = await agent.AskForTokenAsync();
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var again = await http.PostAsync(new Uri($"api/v1/agents/{agent.Answer.AgentId}/revoke", UriKind.Relative), null, Ct);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Agents_endpoints_want_an_agents_token()
    {
        using var http = await control.OperatorAsync();
        (await http.GetAsync(new Uri("agent/v1/secrets", UriKind.Relative), Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var agent = await EnrolledAgent.EnrolAsync(control);
        (await agent.Http.GetAsync(new Uri("api/v1/agents", UriKind.Relative), Ct)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
