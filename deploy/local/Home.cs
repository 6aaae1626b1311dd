using System.Security.Cryptography;
using System.Text;

namespace Platform.Local;

/// <summary>Where a local platform keeps its things: <c>.platform/</c> in the repository, or <c>PLATFORM_HOME</c>.</summary>
public sealed class Home
{
    public Home(string repository, string? directory = null)
    {
        Repository = Path.GetFullPath(repository);
        Directory = Path.GetFullPath(directory ?? Path.Combine(Repository, ".platform"));
    }

    public string Repository { get; }

    public string Directory { get; }

    public string DemoFile => Path.Combine(Directory, "demo.json");

    public string StateFile => Path.Combine(Directory, "state.json");

    public string ProcessFile => Path.Combine(Directory, "processes.json");

    public string LogDirectory => Path.Combine(Directory, "logs");

    /// <summary>Where Control puts its mails.</summary>
    public string MailDirectory => Path.Combine(Directory, "mail");

    public string AppDirectory => Path.Combine(Directory, "apps");

    /// <summary>Eight hexadecimal digits that differ between homes on one machine.</summary>
    public string Tag => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Directory)).AsSpan(0, 4));

    public static Home FromEnvironment()
    {
        var repository = Environment.GetEnvironmentVariable("PLATFORM_REPOSITORY") ?? FindRepository(AppContext.BaseDirectory);
        return new(repository, Environment.GetEnvironmentVariable("PLATFORM_HOME") is { Length: > 0 } home ? home : null);
    }

    /// <summary>The folder above <paramref name="start"/> that holds Platform.sln.</summary>
    /// <exception cref="LocalException">There is none.</exception>
    public static string FindRepository(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
                return folder.FullName;
        }
        throw new LocalException($"Platform.sln was not found above {start}: run ./platform from a checkout.");
    }

    /// <summary>Makes the folders. Others may pass through (the database's user must), but not list.</summary>
    /// <exception cref="LocalException">The folder belongs to something else.</exception>
    public void Create()
    {
        if (System.IO.Directory.Exists(Directory) && !File.Exists(StateFile) && System.IO.Directory.EnumerateFileSystemEntries(Directory).Any(IsForeign))
            throw new LocalException($"{Directory} holds other things: set PLATFORM_HOME to a new or empty folder.");
        MakeDirectory(Directory, (UnixFileMode)0b111_001_001);
        MakeDirectory(LogDirectory, (UnixFileMode)0b111_000_000);
        MakeDirectory(AppDirectory, (UnixFileMode)0b111_000_000);
    }

    /// <summary>Held while one command changes what runs here; the system releases it with the process.</summary>
    /// <exception cref="LocalException">Another command holds it.</exception>
    public FileStream Lock()
    {
        try
        {
            return new(Path.Combine(Directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new LocalException($"Another ./platform up or down is at work in {Directory}.");
        }
    }

    private bool IsForeign(string path) => path != LogDirectory && path != AppDirectory && Path.GetFileName(path) is not ("lock" or "master.key");

    public static string MakeDirectory(string path, UnixFileMode mode = (UnixFileMode)0b111_000_000)
    {
        System.IO.Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    /// <summary>Writes a file that only its owner can read, all or nothing.</summary>
    public static void WriteSecret(string path, string content)
    {
        var next = path + ".new";
        using (var stream = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}
