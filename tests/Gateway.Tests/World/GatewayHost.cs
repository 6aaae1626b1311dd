using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Json;
using Platform.Contracts.Messages;
using Platform.Contracts.Usage;
using Platform.Gateway.Configuration;
using Platform.Gateway.Delivery;
using Platform.Gateway.Enrolment;
using Platform.Gateway.Metering;

namespace Platform.Gateway.Tests.World;

/// <summary>The real gateway on a real socket, with its own data directory.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _stopped;

    private GatewayHost(WebApplication app, string directory)
    {
        (_app, Directory) = (app, directory);
        Urls = LocalServer.AddressesOf(app);
        Url = Urls[0];
        Http = new() { BaseAddress = Url };
    }

    public string Directory { get; }

    public Uri Url { get; }

    /// <summary>All that it listens at: those of <c>urls</c>, then <c>Listen:Http</c>, <c>H2c</c> and <c>Https</c>.</summary>
    public IReadOnlyList<Uri> Urls { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public Snapshot? Snapshot => Services.GetRequiredService<CurrentSnapshot>().Value;

    public static string NewDirectory() => System.IO.Directory.CreateTempSubdirectory("gateway-tests-").FullName;

    public static async Task<GatewayHost> StartAsync(Uri control, string token, string? directory = null, params string[] settings)
    {
        directory ??= NewDirectory();
        var tokenFile = Path.Combine(directory, "token");
        await File.WriteAllTextAsync(tokenFile, token + "\n");
        var app = Program.Build(
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", $"--Agent:DataDirectory={Path.Combine(directory, "data")}",
            $"--Agent:ControlUrl={control}", $"--Agent:EnrolmentTokenFile={tokenFile}", "--Agent:Name=test", "--Agent:NoticeSeconds=0", "--Agent:DrainSeconds=1",
            "--Delivery:SilenceMilliseconds=200", "--Delivery:MaxPauseMilliseconds=300", .. settings.Select(s => "--" + s),
        ]);
        await app.StartAsync();
        return new(app, directory);
    }

    /// <summary>Waits until a revision is in force; tells the gateway of it as a lost-and-found head would.</summary>
    public async Task ReachAsync(FakeControl control)
    {
        await Services.GetRequiredService<DeliveryInbox>().PutAsync(
            new News.Head(new ConfigHead(control.Group, control.Epoch, control.Revision)), TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => Snapshot is { } s && s.Epoch == control.Epoch && s.Revision >= control.Revision);
    }

    public async Task ReadyAsync() => await Until.TrueAsync(async () => (await Http.GetAsync("/readyz")).IsSuccessStatusCode);

    /// <summary>Records in the journal; all of them, because no broker takes them.</summary>
    public IReadOnlyList<UsageRecord> Records()
    {
        IReadOnlyList<JournalRow> rows;
        try
        {
            rows = Services.GetRequiredService<Journal>().ReadAsync(100_000, int.MaxValue).GetAwaiter().GetResult();
        }
        catch (InvalidOperationException)
        {
            rows = Left(); // it stops
        }
        return [.. rows.Select(r => System.Text.Json.JsonSerializer.Deserialize(r.Json, WireJson.Default.UsageRecord)!)];
    }

    /// <summary>What a journal that is closed, and whose file nobody else may open, has left.</summary>
    private List<JournalRow> Left()
    {
        var copy = new AgentSettings { DataDirectory = NewDirectory() };
        foreach (var file in System.IO.Directory.EnumerateFiles(Path.Combine(Directory, "data"), "journal.db*"))
            File.Copy(file, Path.Combine(copy.DataDirectory, Path.GetFileName(file)));
        using var directory = new DataDirectory(copy);
        using var database = new JournalDatabase(directory, JournalDurability.Process);
        return database.ReadUnconfirmed(100_000, int.MaxValue);
    }

    /// <summary>Begins to stop as on SIGTERM; the caller may still ask.</summary>
    public Task BeginStopAsync() => _app.StopAsync();

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
