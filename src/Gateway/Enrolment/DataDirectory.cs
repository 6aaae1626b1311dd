namespace Platform.Gateway.Enrolment;

/// <summary>
/// The agent's directory, mode 0700, its files 0600. A lock that the system releases with the process keeps a second
/// agent out: two of them would give out one identity's journal sequences twice.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream _lock;

    /// <exception cref="IOException">Another process holds the directory, or it cannot be made.</exception>
    public DataDirectory(AgentSettings settings)
    {
        _path = Path.GetFullPath(settings.DataDirectory);
        Directory.CreateDirectory(_path, OwnerOnly | UnixFileMode.UserExecute);
        _lock = new(PathOf("agent.lock"), Options(FileMode.OpenOrCreate));
    }

    /// <summary>Path of a file in it, made empty with mode 0600 where it does not exist.</summary>
    public string Touch(string name)
    {
        using (new FileStream(PathOf(name), Options(FileMode.OpenOrCreate, FileShare.ReadWrite)))
            return PathOf(name);
    }

    /// <summary>The file's bytes, or null where there is none.</summary>
    public byte[]? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllBytes(PathOf(name)) : null;

    /// <summary>Replaces a file so that a crash leaves the old one or the new one.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        var temporary = PathOf(name + ".new");
        using (var file = new FileStream(temporary, Options(FileMode.Create)))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, PathOf(name), overwrite: true);
    }

    public long AvailableBytes() => new DriveInfo(_path).AvailableFreeSpace;

    public void Dispose() => _lock.Dispose();

    private static FileStreamOptions Options(FileMode mode, FileShare share = FileShare.None) =>
        new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, UnixCreateMode = OwnerOnly };

    private string PathOf(string name) => Path.Combine(_path, name);
}
