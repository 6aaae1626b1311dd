using Platform.Hosting.Settings;

namespace Platform.Gateway.Life;

/// <summary>
/// Files that a running agent follows. Their content is compared, not their times: a Kubernetes volume swaps a link above
/// them. A bad first content stops the process; a later one leaves the last good one in force.
/// </summary>
internal abstract class ReloadedFiles(ILogger logger, params IReadOnlyList<string> paths)
{
    private byte[]?[]? _seen;
    private string? _fault;

    /// <exception cref="SettingsException">What they hold cannot be used.</exception>
    public void Load()
    {
        try
        {
            _seen = Read();
            Apply(_seen);
        }
        catch (Exception e) when (e is not SettingsException)
        {
            throw new SettingsException(string.Join(", ", paths), [e.Message]);
        }
    }

    /// <summary>Takes up what changed. A fault is logged once, until it is another.</summary>
    public void Reload()
    {
        try
        {
            var content = Read();
            if (_seen is not null && content.Zip(_seen).All(p => Same(p.First, p.Second)))
                return;
            _seen = content;
            Apply(content);
            _fault = null;
            Log.Reloaded(logger, string.Join(", ", paths));
        }
        catch (Exception e)
        {
            if (_fault == e.Message)
                return;
            _fault = e.Message;
            Log.NotReloaded(logger, e, string.Join(", ", paths));
        }
    }

    /// <summary>Puts the files' content in force, or throws and changes nothing.</summary>
    /// <param name="content">In the order of the paths; null where there is no file.</param>
    protected abstract void Apply(IReadOnlyList<byte[]?> content);

    private static bool Same(byte[]? left, byte[]? right) =>
        left is null || right is null ? ReferenceEquals(left, right) : left.AsSpan().SequenceEqual(right);

    private byte[]?[] Read() => [.. paths.Select(p => File.Exists(p) ? File.ReadAllBytes(p) : null)];
}
