using System.Globalization;

namespace Platform.Portal.Layout;

internal static class Numbers
{
    /// <summary>With separators between thousands, the same for every reader.</summary>
    public static string Grouped(this long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Grouped(this int value) => Grouped((long)value);
}
