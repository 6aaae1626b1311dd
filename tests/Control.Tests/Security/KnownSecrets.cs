using System.Text;

namespace Platform.Control.Tests.Security;

/// <summary>Secrets by name, and how each could stand in a text: as it is, in base64, in hex, in JSON, in an address.</summary>
internal sealed class KnownSecrets
{
    private readonly List<(string Name, string[] Forms)> _secrets = [];

    public int Count => _secrets.Count;

    public string Add(string name, string? clear)
    {
        clear.ShouldNotBeNullOrWhiteSpace(name);
        clear.Length.ShouldBeGreaterThan(11, $"{name} is too short to be searched for");
        _secrets.Add((name, [clear, Uri.EscapeDataString(clear), .. FormsOf(Encoding.UTF8.GetBytes(clear))]));
        return clear;
    }

    /// <summary>A secret that is no text.</summary>
    public void Add(string name, byte[] clear)
    {
        clear.Length.ShouldBeGreaterThan(11, $"{name} is too short to be searched for");
        _secrets.Add((name, [.. FormsOf(clear)]));
    }

    /// <summary>The names of those that the text holds.</summary>
    public IEnumerable<string> In(string text) =>
        from secret in _secrets
        from form in secret.Forms
        where text.Contains(form, StringComparison.OrdinalIgnoreCase)
        select secret.Name;

    private static IEnumerable<string> FormsOf(byte[] bytes)
    {
        yield return Convert.ToHexString(bytes);
        yield return Convert.ToBase64String(bytes).TrimEnd('=');
        yield return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
