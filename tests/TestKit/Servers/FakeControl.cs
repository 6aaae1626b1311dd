using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Platform.Contracts.Configuration;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;

namespace Platform.TestKit.Servers;

/// <summary>
/// Stands in for Control's agent API over real HTTP and the real contracts. The broker it names does not exist unless a test
/// has one: an agent must serve without.
/// </summary>
public sealed class FakeControl : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Key), ConfigResource> _resources = [];
    private LocalServer? _server;

    public AgentGroupName Group { get; } = AgentGroupName.Default;

    public Guid Epoch { get; set; } = Guid.NewGuid();

    public long Revision { get; private set; }

    public List<GroupKey> GroupKeys { get; } = [new("g1", RandomNumberGenerator.GetBytes(32))];

    public byte[] Pepper { get; } = RandomNumberGenerator.GetBytes(32);

    public AgentId AgentId { get; init; } = AgentId.New();

    public BrokerAccess Broker { get; set; } = new("127.0.0.1", 1, "/", "agent", "secret-password", false);

    /// <summary>SubjectPublicKeyInfo that the agent sent.</summary>
    public byte[] SigningKey { get; private set; } = [];

    /// <summary>The last enrolment's.</summary>
    public string? HostKind { get; private set; }

    public string Token { get; } = Guid.NewGuid().ToString();

    public bool RefusesEnrolment { get; set; }

    public int Pulls { get; private set; }

    public int SecretsAsked { get; private set; }

    /// <summary>The next catch-up answer breaks off after so many bytes.</summary>
    public int? BreakAfter { get; set; }

    public IReadOnlyDictionary<string, string> LastTokenRequest { get; private set; } = new Dictionary<string, string>();

    private byte[] _encryptionKey = [];

    public Uri Url => _server!.Url;

    public GroupCipher Cipher => new(GroupKeys[^1].Id, GroupKeys[^1].Key);

    public async Task<FakeControl> StartAsync(int port = 0)
    {
        _server = await LocalServer.StartAsync(HandleAsync, port);
        return this;
    }

    public async Task StopAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }

    public SealedSecret Seal(string text, TenantId tenant, string kind, string resource) =>
        Cipher.Seal(System.Text.Encoding.UTF8.GetBytes(text), tenant, kind, resource, Group);

    public PepperEntry PepperEntry() => new("p1", Cipher.Seal(Pepper, TenantId.Platform, SealedSecret.PepperKind, "p1", Group));

    public ConfigResource Put<T>(string kind, string key, TenantId tenant, T? document)
        where T : class => PutJson(kind, key, tenant, document is null ? null : JsonSerializer.SerializeToElement(document, typeof(T), WireJson.Default));

    public ConfigResource PutJson(string kind, string key, TenantId tenant, JsonElement? document)
    {
        lock (_lock)
        {
            var resource = new ConfigResource(kind, key, ++Revision, tenant, document);
            _resources[(kind, key)] = resource;
            return resource;
        }
    }

    /// <summary>Takes a resource's place in the head without telling anybody: for messages that tests make themselves.</summary>
    public long NextRevision()
    {
        lock (_lock)
            return ++Revision;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case AgentApi.EnrolmentPath:
                await EnrolAsync(context);
                break;
            case "/connect/token":
                var form = await context.Request.ReadFormAsync();
                LastTokenRequest = form.ToDictionary(f => f.Key, f => f.Value.ToString());
                await context.Response.WriteAsJsonAsync(new JsonObject { ["access_token"] = "agent-token", ["expires_in"] = 300, ["token_type"] = "Bearer" });
                break;
            case AgentApi.ConfigPath when context.Request.Headers.Authorization == "Bearer agent-token":
                await ConfigAsync(context);
                break;
            case AgentApi.SecretsPath when context.Request.Headers.Authorization == "Bearer agent-token":
                SecretsAsked++;
                await context.Response.WriteAsJsonAsync(SealSecrets(), WireJson.Default.SealedForAgent);
                break;
            default:
                context.Response.StatusCode = 401;
                break;
        }
    }

    private async Task EnrolAsync(HttpContext context)
    {
        var request = (await context.Request.ReadFromJsonAsync(WireJson.Default.EnrolAgentRequest))!;
        if (RefusesEnrolment || request.Token != Token)
        {
            context.Response.StatusCode = 403;
            return;
        }
        HostKind = request.HostKind;
        SigningKey = Convert.FromBase64String(request.SigningKey);
        _encryptionKey = Convert.FromBase64String(request.EncryptionKey);
        var answer = new EnrolAgentAnswer(AgentId, Group, $"agent-{AgentId}", Url, new(Url, "/connect/token"), SealSecrets());
        await context.Response.WriteAsJsonAsync(answer, WireJson.Default.EnrolAgentAnswer);
    }

    private SealedForAgent SealSecrets()
    {
        using var recipient = ECDiffieHellman.Create();
        recipient.ImportSubjectPublicKeyInfo(_encryptionKey, out _);
        var secrets = new AgentSecrets([.. GroupKeys], Broker);
        return SealedForAgent.Seal(JsonSerializer.SerializeToUtf8Bytes(secrets, WireJson.Default.AgentSecrets), recipient, AgentId);
    }

    private async Task ConfigAsync(HttpContext context)
    {
        Pulls++;
        var after = long.Parse(context.Request.Query["after"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        var full = after == 0 || context.Request.Query["epoch"] != Epoch.ToString("D");
        using var body = new MemoryStream();
        lock (_lock)
        {
            Write(body, new ConfigCatchUpHead(Group, Epoch, Revision, full), WireJson.Default.ConfigCatchUpHead);
            foreach (var resource in _resources.Values.Where(r => full ? r.Document is not null : r.Revision > after))
                Write(body, resource, WireJson.Default.ConfigResource);
        }
        context.Response.ContentType = "application/x-ndjson";
        var length = BreakAfter is { } broken ? Math.Min(broken, (int)body.Length) : (int)body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, length));
        if (BreakAfter is not null)
        {
            BreakAfter = null;
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
    }

    private static void Write<T>(Stream stream, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(stream, value, type);
        stream.WriteByte((byte)'\n');
    }
}
