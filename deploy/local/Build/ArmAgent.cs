using System.Runtime.InteropServices;
using Platform.Local.Packages;
using Platform.Local.Processes;

namespace Platform.Local.Build;

/// <summary>
/// The agent for BlueField: self-contained for linux-arm64, compiled ahead of time. On a machine with other processors it
/// runs under qemu's user emulation, with Debian's cross libraries in the place of the target's own.
/// </summary>
public sealed class ArmAgent(Home home)
{
    private const string Runtime = "linux-arm64";
    private const string Emulator = "/usr/bin/qemu-aarch64-static";
    private const string TargetRoot = "/usr/aarch64-linux-gnu";

    private static readonly string[] Sources = ["src/Gateway", "src/Shared", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private static readonly (string Package, string File)[] Packages =
    [
        ("qemu-user-static", Emulator),
        ("libc6-arm64-cross", TargetRoot + "/lib/libc.so.6"),
        ("libstdc++6-arm64-cross", TargetRoot + "/lib/libstdc++.so.6"),
        ("libgcc-s1-arm64-cross", TargetRoot + "/lib/libgcc_s.so.1"),
    ];

    /// <summary>Where the program is.</summary>
    public string Directory => Path.Combine(Folder, "publish/Gateway/release_" + Runtime);

    public string Program => Path.Combine(Directory, "Platform.Gateway");

    /// <summary>The command line that starts it on this machine.</summary>
    public IReadOnlyList<string> Command => IsNative ? [Program] : [Emulator, "-L", TargetRoot, "-E", "LD_LIBRARY_PATH=" + SslDirectory, Program];

    private static bool IsNative => RuntimeInformation.OSArchitecture == Architecture.Arm64;

    // Objects and all: the same projects are built for this machine beside it, perhaps at the same time.
    private string Folder => Path.Combine(home.Repository, "artifacts", Runtime);

    private string StampFile => Path.Combine(Folder, "stamp");

    // There is no cross package of OpenSSL, and without it .NET has neither ECDSA nor TLS.
    private string SslRoot => Path.Combine(Folder, "libssl3");

    private string SslDirectory => Path.Combine(SslRoot, "usr/lib/aarch64-linux-gnu");

    /// <summary>Installs what the emulation needs, and publishes when a source is newer than the last publication.</summary>
    public async Task EnsureAsync()
    {
        if (!IsNative)
        {
            await AptPackages.EnsureAsync([.. Packages.Where(p => !File.Exists(p.File)).Select(p => p.Package)]);
            if (!File.Exists(Path.Combine(SslDirectory, "libssl.so.3")))
                await AptPackages.UnpackForeignAsync("libssl3", "arm64", SslRoot);
        }
        var newest = SourceTimes.Newest(home, Sources);
        if (File.Exists(StampFile) && File.GetLastWriteTimeUtc(StampFile) >= newest)
            return;
        Console.WriteLine($"Publishing the agent for {Runtime} ...");
        await Launcher.RunAsync(
            "dotnet publish",
            [
                "dotnet", "publish", Path.Combine(home.Repository, "src/Gateway/Gateway.csproj"), "-c", "Release", "-v", "quiet", "--nologo",
                $"-p:AgentRuntime={Runtime}", $"-p:ArtifactsPath={Folder}",
            ]);
        await File.WriteAllTextAsync(StampFile, "");
        File.SetLastWriteTimeUtc(StampFile, newest);
    }
}
