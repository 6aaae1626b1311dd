using System.Collections.Frozen;
using System.Text;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Contracts.Json;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Configuration;

/// <param name="BaseUrl">Without a slash at its end.</param>
/// <param name="Draining">It takes no new requests.</param>
/// <param name="Capacity">Requests that it serves at once; null where nobody said.</param>
internal sealed record EndpointModel(EndpointId Id, string BaseUrl, bool Draining, int? Capacity)
{
    private Uri?[] _addresses = [];

    /// <summary>Made when it is first asked for, and kept.</summary>
    public Uri UriOf(EngineRoute route)
    {
        var addresses = _addresses;
        if (route.Index >= addresses.Length)
            _addresses = addresses = [.. addresses, .. new Uri?[route.Index + 1 - addresses.Length]];
        return addresses[route.Index] ??= new(BaseUrl + route.Path);
    }
}

/// <param name="Credential">Sent upstream in place of the caller's; null for none.</param>
/// <param name="Identity">What TLS to the endpoints needs beyond the machine's own; null for nothing.</param>
internal sealed record PoolModel(
    PoolId Id,
    TenantId TenantId,
    EngineProfile Engine,
    bool AllowPrivateNetworks,
    IReadOnlyList<EndpointModel> Endpoints,
    UpstreamCredential? Credential,
    UpstreamIdentity? Identity)
{
    /// <summary>The only operations that it serves, of those that its engine does; null for all of them.</summary>
    public FrozenSet<string>? Operations { get; init; }

    /// <summary>It answers the operation: its engine does, and nobody took it away.</summary>
    public bool Does(string operation) => Engine.Routes.ContainsKey(operation) && Operations?.Contains(operation) != false;

    /// <summary>A shared pool serves everybody that a model sends to it; any other its own tenant only.</summary>
    public bool Serves(TenantId tenant) => TenantId == Contracts.Ids.TenantId.Platform || TenantId == tenant;

    public static Reading<PoolModel> Read(Resource resource, PoolModel? lastGood, GroupSecrets secrets, ref bool unknownKey)
    {
        var faults = new List<string>();
        var document = DocumentReader.Deserialize(resource.Document, WireJson.Default.PoolDocument, faults);
        if (document is null)
            return new(lastGood, faults);
        if (document.Id.ToString() != resource.Key || document.TenantId != resource.TenantId)
            faults.Add("The pool's id or tenant is not the resource's.");
        var engine = EngineProfiles.Find(document.Engine);
        if (engine is null)
            faults.Add($"The engine '{document.Engine}' is not known.");
        var endpoints = ReadEndpoints(document.Endpoints, faults);
        var credential = ReadCredential(document, engine, secrets, faults, ref unknownKey);
        var identity = UpstreamIdentity.Read(document, lastGood?.Identity, secrets, faults, ref unknownKey);
        CheckOperations(document.Operations, faults);
        return faults.Count == 0
            ? Reading<PoolModel>.Good(new(document.Id, document.TenantId, engine!, document.AllowPrivateNetworks, endpoints, credential, identity)
            {
                Operations = document.Operations?.ToFrozenSet(StringComparer.Ordinal),
            })
            : new(lastGood, faults);
    }

    /// <summary>One that the engine does not know is no fault: an engine's later version may.</summary>
    private static void CheckOperations(IReadOnlyList<string?>? operations, List<string> faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in operations ?? [])
        {
            if (operation is null || !EngineProfiles.IsOperation(operation))
                faults.Add($"The operation '{operation}' is not known.");
            else if (!seen.Add(operation))
                faults.Add($"The operation '{operation}' is listed more than once.");
        }
    }

    private static List<EndpointModel> ReadEndpoints(IReadOnlyList<EndpointEntry>? entries, List<string> faults)
    {
        var endpoints = new List<EndpointModel>();
        foreach (var entry in entries ?? [])
        {
            if (entry?.Url is not { IsAbsoluteUri: true } url || url.UserInfo.Length > 0 || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
                faults.Add($"The URL of endpoint '{entry?.Id}' is not an absolute http or https address without credentials.");
            else if (endpoints.Any(e => e.Id == entry.Id))
                faults.Add($"Endpoint '{entry.Id}' is listed more than once.");
            else if (entry.Capacity < 1)
                faults.Add($"The capacity of endpoint '{entry.Id}' is below 1.");
            else
                endpoints.Add(new(entry.Id, url.GetLeftPart(UriPartial.Path).TrimEnd('/'), entry.Draining, entry.Capacity));
        }
        return endpoints;
    }

    private static UpstreamCredential? ReadCredential(
        PoolDocument document, EngineProfile? engine, GroupSecrets secrets, List<string> faults, ref bool unknownKey)
    {
        if (document.ProviderKey is null
            || secrets.Open(document.ProviderKey, document.TenantId, SealedSecret.ProviderKeyKind, document.Id.ToString(), faults, ref unknownKey) is not { } clear)
            return null;
        var text = Encoding.UTF8.GetString(clear);
        if (text.Length > 0 && text.All(c => c is > ' ' and < '\x7f'))
            return new(text, engine?.Credential ?? CredentialStyle.Bearer);
        faults.Add("The provider key is not a token of printable characters.");
        return null;
    }
}
