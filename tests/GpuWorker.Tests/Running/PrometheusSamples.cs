using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.GpuWorker.Tests.Running;

/// <summary>A page in Prometheus' text format; what does not parse is a <see cref="FormatException"/>.</summary>
internal sealed partial class PrometheusSamples
{
    private readonly Dictionary<string, double> _samples = [];

    public double this[string name] => _samples.Where(s => s.Key == name || s.Key.StartsWith(name + "{", StringComparison.Ordinal)).ShouldHaveSingleItem().Value;

    public IEnumerable<string> Names => _samples.Keys;

    public static PrometheusSamples Parse(string page)
    {
        var parsed = new PrometheusSamples();
        Require(page.EndsWith('\n'), "no newline at the end");
        var types = new HashSet<string>();
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (TypeLine().Match(line) is { Success: true } type)
                Require(types.Add(type.Groups["name"].Value), line);
            if (line.StartsWith('#'))
                continue;
            var sample = SampleLine().Match(line);
            Require(sample.Success, line);
            var name = sample.Groups["name"].Value;
            Require(types.Contains(Suffix().Replace(name, "")), line);
            parsed._samples.Add(name + sample.Groups["labels"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
        }
        return parsed;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new FormatException(what);
    }

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (gauge|counter|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_]+="[^"]*"(,[a-zA-Z_]+="[^"]*")*\})? (?<value>[0-9.E+-]+)$""")]
    private static partial Regex SampleLine();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
