using System.Text.Json;
using Platform.Gateway.Enrolment;
using Platform.Hosting.Settings;

namespace Platform.Gateway.Life;

/// <summary>
/// Log levels by category in <c>log-levels.json</c> of the data directory, such as <c>{"Default": "Debug"}</c>: over all
/// other settings, and followed while the agent runs. No file: what the settings say.
/// </summary>
internal sealed class LogLevels(LogLevels.Source levels, AgentSettings settings, ILogger<LogLevels> logger)
    : ReloadedFiles(logger, Path.Combine(settings.DataDirectory, FileName))
{
    public const string FileName = "log-levels.json";

    protected override void Apply(IReadOnlyList<byte[]?> content) => levels.Set(content[0] is { } json ? Read(json) : []);

    /// <exception cref="SettingsException">With all faults.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    private static Dictionary<string, LogLevel> Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new SettingsException(FileName, ["It must be an object of categories and levels."]);
        var found = new Dictionary<string, LogLevel>();
        var faults = new List<string>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String && Enum.TryParse<LogLevel>(member.Value.GetString(), ignoreCase: true, out var level) && Enum.IsDefined(level))
                found[member.Name] = level;
            else
                faults.Add($"'{member.Name}' must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
        return faults is [] ? found : throw new SettingsException(FileName, faults);
    }

    /// <summary>The last of the process's settings.</summary>
    internal sealed class Source : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Set(Dictionary<string, LogLevel> levels)
        {
            Data = levels.ToDictionary(l => $"Logging:LogLevel:{l.Key}", l => (string?)l.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            OnReload();
        }
    }
}
