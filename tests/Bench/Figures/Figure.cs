namespace Platform.Bench.Figures;

/// <summary>One line of a figures file.</summary>
/// <param name="Target">What the value is to stay below; null where nothing was promised.</param>
/// <param name="Holds">Null without a target.</param>
public sealed record Figure(string Name, double Value, string Unit, double? Target, bool? Holds)
{
    public static Figure Plain(string name, double value, string unit) => new(name, Round(value), unit, null, null);

    public static Figure Below(double target, string name, double value, string unit) => new(name, Round(value), unit, target, value < target);

    /// <summary>What could not be measured does not hold.</summary>
    public static Figure Missed(double target, string name, string unit) => new(name, 0, unit, target, false);

    private static double Round(double value) => Math.Round(value, 3);
}
