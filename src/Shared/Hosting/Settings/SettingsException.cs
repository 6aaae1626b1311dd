namespace Platform.Hosting.Settings;

/// <summary>The settings of one section are wrong; the operator must mend them. Values are not repeated, they may be secret.</summary>
public sealed class SettingsException(string section, IEnumerable<string> faults)
    : Exception($"Settings '{section}' are not valid: {string.Join(" | ", faults)}");
