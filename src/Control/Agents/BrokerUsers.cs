using System.Net;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Control.Agents;

/// <summary>Makes and deletes agents' broker users through RabbitMQ's management API; every call is safe to repeat.</summary>
internal sealed class BrokerUsers(HttpClient http)
{
    /// <summary>Creates the user, or gives it a new password, and sets its permissions.</summary>
    /// <exception cref="HttpRequestException">The broker refused, or cannot be reached.</exception>
    public async Task<string> CreateAsync(AgentId agent, string password, string virtualHost, BrokerPermissions permissions, CancellationToken ct)
    {
        var user = BusTopology.AgentQueue(agent);
        await PutAsync($"api/users/{user}", new { password, tags = "" }, ct);
        var (configure, write, read) = permissions;
        await PutAsync($"api/permissions/{Uri.EscapeDataString(virtualHost)}/{user}", new { configure, write, read }, ct);
        return user;
    }

    /// <summary>Deletes the user; the broker then closes its connections. One that is not there is deleted.</summary>
    /// <exception cref="HttpRequestException">The broker refused, or cannot be reached.</exception>
    public async Task DeleteAsync(AgentId agent, CancellationToken ct)
    {
        using var answer = await http.DeleteAsync(new Uri($"api/users/{BusTopology.AgentQueue(agent)}", UriKind.Relative), ct);
        if (answer.StatusCode != HttpStatusCode.NotFound)
            answer.EnsureSuccessStatusCode();
    }

    private async Task PutAsync<T>(string path, T body, CancellationToken ct)
    {
        using var answer = await http.PutAsJsonAsync(new Uri(path, UriKind.Relative), body, ct);
        answer.EnsureSuccessStatusCode();
    }
}
