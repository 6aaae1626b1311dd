using Platform.Local.Processes;

namespace Platform.Local.Packages;

/// <summary>Installs Debian packages by name, after saying so, without letting them start their services.</summary>
public static class AptPackages
{
    private const string PolicyFile = "/usr/sbin/policy-rc.d";
    private const string Mark = "made by the platform command while it installs packages";

    /// <exception cref="LocalException">They are missing and cannot be installed here.</exception>
    public static async Task EnsureAsync(IReadOnlyList<string> packages)
    {
        if (packages.Count == 0)
            return;
        var names = string.Join(' ', packages);
        if (!File.Exists("/usr/bin/apt-get"))
            throw new LocalException($"Missing: {names}. This system has no apt; install them, or set PLATFORM_POSTGRES and PLATFORM_RABBITMQ.");
        string[] prefix = Environment.IsPrivilegedProcess ? [] : await HasSudoAsync() ? ["sudo", "-n"] : [];
        if (!Environment.IsPrivilegedProcess && prefix.Length == 0)
            throw new LocalException($"Missing: {names}. Run as root: apt-get install --no-install-recommends {names}");
        Console.WriteLine($"Installing {names} with apt (their services are not started) ...");
        await InstallAsync(prefix, packages);
    }

    /// <summary>
    /// Unpacks a package of another architecture into a folder, from the sources that apt has; the system does not change.
    /// </summary>
    public static async Task UnpackForeignAsync(string package, string architecture, string directory)
    {
        Console.WriteLine($"Unpacking {package} for {architecture} into {directory} ...");
        var work = Path.Combine(directory, "apt");
        foreach (var folder in new[] { "state/lists/partial", "cache/archives/partial" })
            Directory.CreateDirectory(Path.Combine(work, folder));
        await File.WriteAllTextAsync(Path.Combine(work, "state/status"), "");
        string[] apt =
        [
            "apt-get", "-qq", "-o", $"APT::Architecture={architecture}", "-o", $"APT::Architectures={architecture}", "-o", "APT::Sandbox::User=root",
            "-o", $"Dir::State={work}/state", "-o", $"Dir::State::status={work}/state/status", "-o", $"Dir::Cache={work}/cache",
        ];
        await Launcher.RunAsync("apt-get update", [.. apt, "update"]);
        await Launcher.RunAsync("apt-get download", ["sh", "-c", "cd \"$0\" && \"$@\"", work, .. apt, "download", package]);
        foreach (var file in Directory.GetFiles(work, "*.deb"))
            await Launcher.RunAsync("dpkg-deb", ["dpkg-deb", "-x", file, directory]);
        Directory.Delete(work, recursive: true);
    }

    private static async Task InstallAsync(string[] prefix, IReadOnlyList<string> packages)
    {
        // invoke-rc.d(8): a policy that answers 101 forbids starting. One that we left when we were interrupted is ours still;
        // another one is the owner's, and stays.
        var ours = !File.Exists(PolicyFile) || (await File.ReadAllTextAsync(PolicyFile)).Contains(Mark, StringComparison.Ordinal);
        if (ours)
            await Launcher.RunAsync("policy-rc.d", [.. prefix, "sh", "-c", $"printf '#!/bin/sh\\n# {Mark}\\nexit 101\\n' > {PolicyFile} && chmod 755 {PolicyFile}"]);
        try
        {
            await Launcher.RunAsync("apt-get update", [.. prefix, "apt-get", "update", "-qq"]);
            await Launcher.RunAsync(
                "apt-get install",
                [.. prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", .. packages]);
        }
        finally
        {
            if (ours)
                await Launcher.RunAsync("policy-rc.d", [.. prefix, "rm", "-f", PolicyFile]);
        }
    }

    private static async Task<bool> HasSudoAsync()
    {
        if (!File.Exists("/usr/bin/sudo"))
            return false;
        try
        {
            await Launcher.RunAsync("sudo", ["sudo", "-n", "true"]);
            return true;
        }
        catch (LocalException)
        {
            return false;
        }
    }
}
