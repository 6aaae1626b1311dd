using System.Net;
using System.Text.Json;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Security;

/// <summary>
/// Keys, secrets and passwords in no log (at the finest level), no table, no message and no answer after the first: all
/// of them are searched for the values that the test knows, in clear, base64, hex and escaped.
/// </summary>
public sealed class SecretsTests(Servers servers)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly KnownSecrets _known = new();
    private readonly List<string> _answers = [];

    [Fact]
    public async Task A_secret_is_in_nothing_but_the_answer_that_showed_it_first()
    {
        var logs = new LogBook();
        var mails = Directory.CreateTempSubdirectory("control-mails-");
        await using var app = new ControlApp(servers) { Logs = logs };
        app.Settings["Email:Folder"] = mails.FullName;
        app.Settings["Logging:LogLevel:Default"] = "Trace";
        await app.InitializeAsync();
        using var agent = await EnrolAsync(app);
        await using var tap = await BrokerTap.OpenAsync(
            app.BrokerFactory, BusTopology.ConfigExchange(agent.Answer.Group), BusTopology.ChangedKey, BusTopology.HeadKey, BusTopology.ReplayKey);
        var tenant = await SecretsOfTenant.MakeAsync(app, _known, _answers);
        await SecretsOfPeople.MakeAsync(app, _known);
        await SecretsOfMails.MakeAsync(app, _known, tenant, mails.FullName);
        await ReadAllAsync(app, tenant);
        var (head, resources) = await agent.CatchUpAsync();
        await DeliveredAsync(tap, tenant);

        _known.Count.ShouldBeGreaterThan(35);
        logs.Entries.Count.ShouldBeGreaterThan(100);
        Found(logs.Entries).ShouldBeEmpty("logs");
        Found(tap.Messages).ShouldBeEmpty("messages");
        Found([JsonSerializer.Serialize(head), .. resources.Select(r => JsonSerializer.Serialize(r))]).ShouldBeEmpty("catch-up");
        Found(_answers).ShouldBeEmpty("answers");
        var tables = await DumpAsync(app);
        tables.Count.ShouldBeGreaterThan(40);
        Found(tables).ShouldBeEmpty("tables");
        mails.Delete(recursive: true);
    }

    private List<string> Found(IEnumerable<string> texts) => [.. texts.SelectMany(t => _known.In(t).Select(name => $"{name} in {t[..Math.Min(t.Length, 300)]}"))];

    private async Task<EnrolledAgent> EnrolAsync(ControlApp app)
    {
        var agent = await EnrolledAgent.EnrolAsync(app);
        _known.Add("broker password of an agent", agent.Secrets.Broker.Password);
        _known.Add("enrolment token", await EnrolledAgent.TokenAsync(app));
        foreach (var key in agent.Secrets.GroupKeys)
            _known.Add("group key", key.Key);
        return agent;
    }

    /// <summary>Every list and thing that can be read of the tenant and the platform, as an owner and as an operator.</summary>
    private async Task ReadAllAsync(ControlApp app, TenantId tenant)
    {
        using var owner = await app.CallerAsync(tenant: tenant, role: TenantRoles.Owner);
        using var staff = await app.OperatorAsync();
        var document = await owner.GetAsync<JsonElement>("/openapi/v1.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject().Where(p => p.Value.TryGetProperty("get", out _)))
        {
            var address = path.Name.Replace("{tenantId}", tenant.ToString(), StringComparison.Ordinal);
            if (address.Contains('{', StringComparison.Ordinal))
                continue;
            foreach (var http in new[] { owner, staff })
            {
                using var answer = await http.GetAsync(address, Cancel);
                var text = await answer.Content.ReadAsStringAsync(Cancel);
                answer.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError, text);
                _answers.Add($"{address}: {text}");
                await ReadEachAsync(http, document, path.Name, tenant, text);
            }
        }
    }

    private async Task ReadEachAsync(HttpClient http, JsonElement document, string list, TenantId tenant, string text)
    {
        var single = document.GetProperty("paths").EnumerateObject()
            .Any(p => p.Name.StartsWith(list + "/{", StringComparison.Ordinal) && p.Name.EndsWith('}') && p.Value.TryGetProperty("get", out _));
        if (!single || !text.StartsWith('{') || !JsonElement.Parse(text).TryGetProperty("items", out var items))
            return;
        foreach (var id in items.EnumerateArray().Select(i => i.TryGetProperty("id", out var value) ? value.ToString() : null).OfType<string>())
        {
            var address = $"{list.Replace("{tenantId}", tenant.ToString(), StringComparison.Ordinal)}/{id}";
            using var answer = await http.GetAsync(address, Cancel);
            _answers.Add($"{address}: {await answer.Content.ReadAsStringAsync(Cancel)}");
        }
    }

    /// <summary>The tenant's documents have passed the tap.</summary>
    private static async Task DeliveredAsync(BrokerTap tap, TenantId tenant)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!tap.Messages.Any(m => m.Contains(tenant.ToString(), StringComparison.Ordinal) && m.Contains("providerKey", StringComparison.Ordinal)))
            await Task.Delay(50, deadline.Token);
    }

    /// <summary>Every table of both schemas as text, a row each, read by the superuser; bytes come as hex.</summary>
    private async Task<List<string>> DumpAsync(ControlApp app)
    {
        await using var connection = new NpgsqlConnection(servers.Superuser(app.DatabaseSettings));
        await connection.OpenAsync(Cancel);
        var tables = new List<string>();
        await using (var list = new NpgsqlCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'identity')", connection))
        await using (var reader = await list.ExecuteReaderAsync(Cancel))
        {
            while (await reader.ReadAsync(Cancel))
                tables.Add(reader.GetString(0));
        }
        var dumps = new List<string>();
        foreach (var table in tables)
        {
            await using var read = new NpgsqlCommand($"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t", connection);
            dumps.Add($"{table}: {await read.ExecuteScalarAsync(Cancel)}");
        }
        return dumps;
    }
}
