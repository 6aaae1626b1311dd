using System.Diagnostics;

namespace Platform.Local.Processes;

/// <summary>
/// The user that a server runs as when we are root: PostgreSQL refuses root, and nothing needs it. Null elsewhere: then
/// everything runs as whoever called.
/// </summary>
public sealed record UnprivilegedUser(string Name)
{
    /// <exception cref="LocalException">We are root and the user does not exist.</exception>
    public static UnprivilegedUser? For(string name)
    {
        if (Environment.UserName != "root" && !Environment.IsPrivilegedProcess)
            return null;
        if (!File.ReadLines("/etc/passwd").Any(l => l.StartsWith(name + ":", StringComparison.Ordinal)))
            throw new LocalException($"The system user '{name}' is missing: reinstall the package that makes it.");
        return new(name);
    }

    public IReadOnlyList<string> Wrap(IReadOnlyList<string> command) =>
        ["setpriv", "--reuid", Name, "--regid", Name, "--clear-groups", "--", .. command];

    public void Own(string path)
    {
        using var chown = Process.Start("chown", ["-R", $"{Name}:{Name}", path]);
        chown.WaitForExit();
        if (chown.ExitCode != 0)
            throw new LocalException($"Cannot give {path} to the user '{Name}'.");
    }

    public bool CanReach(string path)
    {
        using var test = Process.Start("setpriv", ["--reuid", Name, "--regid", Name, "--clear-groups", "--", "test", "-x", path]);
        test.WaitForExit();
        return test.ExitCode == 0;
    }
}
