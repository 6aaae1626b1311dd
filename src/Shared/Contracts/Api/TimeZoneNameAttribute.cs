using System.ComponentModel.DataAnnotations;

namespace Platform.Contracts.Api;

/// <summary>The name of a time zone in IANA's database, as it is written there: <c>Europe/Berlin</c>, <c>UTC</c>. Null passes.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeZoneNameAttribute : ValidationAttribute
{
    private const int MaxLength = 64;

    /// <summary>Files beside the database's that are no zone of it, and mean something else on each machine.</summary>
    private static readonly string[] NoNames = ["localtime", "posixrules", "Factory"];

    public TimeZoneNameAttribute()
        : base("must be the name of a time zone in IANA's database, like Europe/Berlin or UTC.")
    {
    }

    public override bool IsValid(object? value) => value is null || (value is string name && IsName(name));

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxLength
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && !name.StartsWith("posix/", StringComparison.Ordinal) && !name.StartsWith("right/", StringComparison.Ordinal)
        && !NoNames.Contains(name)
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name;
}
