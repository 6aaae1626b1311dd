using System.Security.Cryptography;
using System.Text.Json;
using Platform.Local.Processes;

namespace Platform.Local;

/// <summary>Ports and generated secrets of a home, the same from one <c>up</c> to the next.</summary>
public sealed class LocalState
{
    private const string PasswordAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly Home _home;
    private readonly Content _content;

    private LocalState(Home home, Content content) => (_home, _content) = (home, content);

    public static LocalState Load(Home home) => new(
        home,
        File.Exists(home.StateFile) ? JsonSerializer.Deserialize<Content>(File.ReadAllText(home.StateFile), Json) ?? new() : new());

    /// <summary>The port of a part; a fresh free one when it has none.</summary>
    public int Port(string name)
    {
        lock (_lock)
        {
            if (!_content.Ports.TryGetValue(name, out var port))
                _content.Ports[name] = port = FreePorts.Take(_content.Ports.Count + 1).First(p => !_content.Ports.ContainsValue(p));
            return port;
        }
    }

    /// <summary>Gives a part another port when somebody else took its own.</summary>
    public void RenewIfTaken(string name)
    {
        lock (_lock)
        {
            if (_content.Ports.TryGetValue(name, out var port) && !FreePorts.IsFree(port))
                _content.Ports.Remove(name);
        }
    }

    /// <summary>A generated password, on disk before anybody uses it: 24 characters, at least one of each of upper case, lower case and digit.</summary>
    public string Secret(string name)
    {
        lock (_lock)
        {
            if (!_content.Secrets.TryGetValue(name, out var secret))
            {
                _content.Secrets[name] = secret = RandomNumberGenerator.GetString(PasswordAlphabet, 21) + "Aa7";
                Save();
            }
            return secret;
        }
    }

    public bool Has(string name)
    {
        lock (_lock)
            return _content.Secrets.ContainsKey(name);
    }

    public void Set(string name, string secret)
    {
        lock (_lock)
        {
            _content.Secrets[name] = secret;
            Save();
        }
    }

    public void Save()
    {
        lock (_lock)
            Home.WriteSecret(_home.StateFile, JsonSerializer.Serialize(_content, Json));
    }

    private sealed class Content
    {
        public Dictionary<string, int> Ports { get; init; } = [];

        public Dictionary<string, string> Secrets { get; init; } = [];
    }
}
