using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Tests.Agents;
using Platform.Local.Processes;

namespace Platform.Control.Tests.Delivery;

/// <summary>Several Controls on one database, one of them frozen, then killed, between other ones' commits and their publication.</summary>
public sealed class ThreeControlsTests(ControlApp app, Servers servers) : IClassFixture<ControlApp>
{
    private const int Writers = 24;
    private const int KeysEach = 3;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_update_is_lost_and_no_revision_is_missing_when_the_publisher_dies_between_commit_and_publish()
    {
        var (tenant, admin) = await app.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        var counter = await admin.CreateAsync<CreatedApiKeyAnswer>(Path(tenant), new CreateApiKeyRequest { Name = "0", ProjectId = project.Id });
        using var agent = await EnrolledAgent.EnrolAsync(app);
        await app.StopAsync();
        var logs = Directory.CreateTempSubdirectory("three-controls-").FullName;
        var ports = FreePorts.Take(2);

        // The first one alone is the publisher; the others stand by.
        using var publisher = await ControlProcess.StartAsync(app, app.Url.Port, logs);
        using var second = await ControlProcess.StartAsync(app, ports[0], logs);
        using var third = await ControlProcess.StartAsync(app, ports[1], logs);
        await using var listener = await GroupListener.StartAsync(agent);
        var follower = new Follower(agent, listener, () => second.As(agent.Http));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var following = follower.FollowAsync(stop.Token);
        await AwaitAsync(async () => follower.Revision == await HeadAsync());

        await WriteAsync([publisher.As(admin), second.As(admin), third.As(admin)], tenant, project.Id, counter.ApiKey.Id, "before");
        await AwaitAsync(async () => follower.Revision == await HeadAsync());
        publisher.Process.Signal("STOP");
        await WriteAsync([second.As(admin), third.As(admin)], tenant, project.Id, counter.ApiKey.Id, "after");
        var committed = await HeadAsync();
        follower.Revision.ShouldBeLessThan(committed, "the frozen publisher holds back what is committed");
        publisher.Process.Signal("KILL");

        await AwaitAsync(async () => follower.Revision == await HeadAsync());
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => following);
        follower.Gaps.ShouldBeEmpty();
        follower.Continued.ShouldBeGreaterThan(0);
        await HeldIsStoredAsync(follower);
        var keys = await KeysAsync(second.As(admin), tenant);
        keys.Count.ShouldBe(1 + (2 * Writers * KeysEach));
        var counted = keys.Single(k => k.Id == counter.ApiKey.Id);
        counted.Name.ShouldBe($"{2 * Writers}");
        counted.Version.ShouldBe(1 + (2 * Writers));
        Directory.Delete(logs, recursive: true);
    }

    /// <summary>Each writer makes keys, and once counts the one key's name up, on the version that it read, until it wins.</summary>
    private static Task WriteAsync(HttpClient[] controls, TenantId tenant, ProjectId project, ApiKeyId counter, string phase) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var http = controls[writer % controls.Length];
            for (var i = 0; i < KeysEach; i++)
                await http.CreateAsync<CreatedApiKeyAnswer>(Path(tenant), new CreateApiKeyRequest { Name = $"{phase} {writer} {i}", ProjectId = project });
            while (!await CountUpAsync(http, tenant, counter))
            {
            }
        }));

    private static async Task<bool> CountUpAsync(HttpClient http, TenantId tenant, ApiKeyId counter)
    {
        var read = await http.GetAsync<ApiKeyAnswer>($"{Path(tenant)}/{counter}");
        using var answer = await http.SendAsync(
            new(HttpMethod.Put, $"{Path(tenant)}/{counter}")
            {
                Headers = { { "If-Match", $"\"v{read.Version}\"" } },
                Content = JsonContent.Create(new UpdateApiKeyRequest { Name = $"{int.Parse(read.Name, System.Globalization.CultureInfo.InvariantCulture) + 1}" }),
            },
            Cancel);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.PreconditionFailed);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static async Task<List<ApiKeyAnswer>> KeysAsync(HttpClient http, TenantId tenant)
    {
        var keys = new List<ApiKeyAnswer>();
        for (string? cursor = "", next; cursor is not null; cursor = next)
        {
            var page = await http.GetAsync<Page<ApiKeyAnswer>>($"{Path(tenant)}?limit=200{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}");
            keys.AddRange(page.Items);
            next = page.NextCursor;
        }
        return keys;
    }

    /// <summary>What the follower holds is, resource by resource, what the database has for its group.</summary>
    private async Task HeldIsStoredAsync(Follower follower)
    {
        var stored = new Dictionary<(string, string), string>();
        await using var connection = new NpgsqlConnection(servers.Owner(app.DatabaseSettings));
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT kind, key, document::text FROM config_resources WHERE group_name = 'default' AND document IS NOT NULL", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            stored[(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        var held = follower.Held;
        held.Keys.ShouldBe(stored.Keys, ignoreOrder: true);
        foreach (var (key, document) in stored)
            JsonElement.DeepEquals(held[key].Document!.Value, JsonElement.Parse(document)).ShouldBeTrue($"{key}");
    }

    /// <summary>The newest revision of the agent's group.</summary>
    private async Task<long> HeadAsync()
    {
        await using var connection = new NpgsqlConnection(servers.Owner(app.DatabaseSettings));
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("SELECT max(revision) FROM config_resources WHERE group_name = 'default'", connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private static async Task AwaitAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }

    private static string Path(TenantId tenant) => $"/api/v1/tenants/{tenant}/api-keys";
}
