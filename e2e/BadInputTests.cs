using System.Net;
using Npgsql;
using Platform.Local.Demo;

namespace Platform.E2E;

public sealed class BadInputTests(WholeSystem system)
{
    private const string Model = DemoSeed.SmallModel;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Each_mistake_gets_OpenAI_s_error_shape_and_strangers_leave_no_record(int gateway)
    {
        using var tenant = await TenantUnderTest.CreateAsync(system);
        var url = system.Demo.GatewayUrls[gateway];
        var good = Chat.Request(Model, "hello", stream: false);
        foreach (var agent in system.Demo.GatewayUrls)
            await SendMarkerAsync(tenant, agent, good);
        var before = await CountRecordsAsync();

        await ExpectAsync(url, null, good, HttpStatusCode.Unauthorized, "invalid_request_error", "invalid_api_key");
        await ExpectAsync(url, "sk-" + new string('A', 52), good, HttpStatusCode.Unauthorized, "invalid_request_error", "invalid_api_key");
        await ExpectAsync(url, "nonsense", good, HttpStatusCode.Unauthorized, "invalid_request_error", "invalid_api_key");
        await ExpectAsync(url, tenant.Key[..^1] + (tenant.Key[^1] == 'A' ? 'B' : 'A'), good, HttpStatusCode.Unauthorized, "invalid_request_error", "invalid_api_key");
        await ExpectAsync(url, tenant.Key, Chat.Request("no-such-model", "hello", stream: false), HttpStatusCode.NotFound, "invalid_request_error", "model_not_found");
        await ExpectAsync(url, tenant.Key, "{\"model\": ", HttpStatusCode.BadRequest, "invalid_request_error", "invalid_json");
        await ExpectAsync(url, tenant.Key, $$"""{"model":"{{Model}}"}""", HttpStatusCode.BadRequest, "invalid_request_error", "missing_required_parameter", "messages");
        await ExpectAsync(url, tenant.Key, $$"""{"model":"{{Model}}","messages":[]}""", HttpStatusCode.BadRequest, "invalid_request_error", "empty_array", "messages");
        await ExpectAsync(url, tenant.Key, """{"messages":[{"role":"user","content":"x"}]}""", HttpStatusCode.BadRequest, "invalid_request_error", "missing_required_parameter", "model");
        await ExpectAsync(url, tenant.Key, Chat.Request(Model, new string('x', 9 << 20), stream: false), HttpStatusCode.RequestEntityTooLarge, "invalid_request_error", "request_too_large");

        await SendMarkerAsync(tenant, url, good);
        (await CountRecordsAsync()).ShouldBe(before + 1);
    }

    /// <summary>Records of one agent arrive in order: once this one is in the ledger, an earlier one would be too.</summary>
    private static async Task SendMarkerAsync(TenantUnderTest tenant, Uri agent, string body)
    {
        using var chat = new Chat(agent, tenant.Key);
        var marker = (await chat.SendAsync(body)).RequestId.ShouldNotBeNull();
        await Eventually.GetAsync(tenant.RecordsAsync, r => r.ContainsKey(marker), TimeSpan.FromSeconds(20));
    }

    private static async Task ExpectAsync(Uri url, string? key, string body, HttpStatusCode status, string type, string code, string? param = null)
    {
        using var chat = new Chat(url, key);
        var outcome = await chat.SendAsync(body);

        outcome.Status.ShouldBe(status, outcome.Body);
        outcome.Error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"], ignoreOrder: true);
        outcome.Error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        outcome.Error.GetProperty("type").GetString().ShouldBe(type);
        outcome.Error.GetProperty("code").GetString().ShouldBe(code);
        outcome.Error.GetProperty("param").GetString().ShouldBe(param);
        if (key is { Length: > 20 })
            outcome.Body.ShouldNotContain(key);
        outcome.RequestId.ShouldNotBeNull();
    }

    /// <summary>All tenants' records, quarantine included, seen by the database's superuser: nobody's rights hide one.</summary>
    private async Task<long> CountRecordsAsync()
    {
        var connection = new NpgsqlConnectionStringBuilder(system.Platform.Backing.Superuser) { Database = system.Platform.Backing.DatabaseName };
        await using var source = NpgsqlDataSource.Create(connection.ConnectionString);
        await using var command = source.CreateCommand("SELECT (SELECT count(*) FROM usage_records) + (SELECT count(*) FROM usage_quarantine)");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
