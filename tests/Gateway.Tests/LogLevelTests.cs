using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Tests;

/// <summary><c>log-levels.json</c> of the data directory.</summary>
public sealed class LogLevelTests : IAsyncLifetime
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly FakeControl _control = new();
    private readonly string _directory = GatewayHost.NewDirectory();

    private string LevelsFile => Path.Combine(_directory, "data", "log-levels.json");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LevelsFile)!);
        await _control.StartAsync();
        _control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument());
    }

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    [Fact]
    public async Task Levels_change_while_it_runs_and_go_back_with_the_file()
    {
        await using var gateway = await StartAsync();
        Level(gateway, "Platform.Gateway.X").ShouldBe(LogLevel.Error);

        await WriteAsync("""{"Default": "Warning", "Platform.Gateway": "debug"}""");
        await Until.TrueAsync(() => Level(gateway, "Platform.Gateway.X") == LogLevel.Debug);
        Level(gateway, "Other").ShouldBe(LogLevel.Warning);

        await WriteAsync("""{"Platform.Gateway": "Trace"}""");
        await Until.TrueAsync(() => Level(gateway, "Platform.Gateway.X") == LogLevel.Trace);
        Level(gateway, "Other").ShouldBe(LogLevel.Error);

        File.Delete(LevelsFile);
        await Until.TrueAsync(() => Level(gateway, "Platform.Gateway.X") == LogLevel.Error);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"Default": "Loud"}""")]
    [InlineData("""{"Default": 1}""")]
    public async Task A_bad_file_is_refused_at_the_start_and_later_changes_nothing(string bad)
    {
        await WriteAsync("""{"Default": "Trace"}""");
        await using (var gateway = await StartAsync())
        {
            await WriteAsync(bad);
            await Task.Delay(TimeSpan.FromSeconds(1.5), Token);
            Level(gateway, "Other").ShouldBe(LogLevel.Trace);

            await WriteAsync("""{"Default": "Information"}""");
            await Until.TrueAsync(() => Level(gateway, "Other") == LogLevel.Information);
            await gateway.StopAsync();
            await WriteAsync(bad);

            await Should.ThrowAsync<SettingsException>(() => StartAsync());
        }
    }

    private Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(_control.Url, _control.Token, _directory, "Logging:LogLevel:Default=Error");

    private Task WriteAsync(string json) => File.WriteAllTextAsync(LevelsFile, json, Token);

    /// <summary>The lowest that is written.</summary>
    private static LogLevel Level(GatewayHost gateway, string category)
    {
        var logger = gateway.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
        return Enum.GetValues<LogLevel>().First(logger.IsEnabled);
    }
}
