using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Platform.Hosting.Settings;

public static class SettingsExtensions
{
    /// <summary>
    /// Binds a section to an object, checks its data annotations and registers it as a singleton. An unknown key is a
    /// fault; all faults are reported at once, and the process does not start with any.
    /// </summary>
    /// <exception cref="SettingsException">The section has faults.</exception>
    public static T AddSettings<T>(this IHostApplicationBuilder builder, string section)
        where T : class, new()
    {
        var settings = Read<T>(builder.Configuration, section);
        builder.Services.AddSingleton(settings);
        return settings;
    }

    /// <inheritdoc cref="AddSettings{T}"/>
    public static T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = new T();
        try
        {
            configuration.GetSection(section).Bind(settings, o => o.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            throw new SettingsException(section, [e.InnerException is null ? e.Message : $"{e.Message} {e.InnerException.Message}"]);
        }
        var faults = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new(settings), faults, validateAllProperties: true))
            throw new SettingsException(section, faults.Select(f => f.ErrorMessage ?? "invalid"));
        return settings;
    }
}
