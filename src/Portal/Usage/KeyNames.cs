using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Portal.Usage;

/// <summary>What to call a key in a table of usage.</summary>
internal sealed class KeyNames(IEnumerable<ApiKeyAnswer> keys)
{
    private readonly Dictionary<ApiKeyId, ApiKeyAnswer> _keys = keys.ToDictionary(k => k.Id);

    public bool Knows(ApiKeyId? id) => id is null || _keys.ContainsKey(id.Value);

    public string this[ApiKeyId? id] => id switch
    {
        null => "without a key",
        { } known when _keys.TryGetValue(known, out var key) => $"{key.Name} ({key.Prefix}…)",
        { } unknown => unknown.ToString(),
    };
}
