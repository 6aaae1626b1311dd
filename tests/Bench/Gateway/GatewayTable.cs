using System.Globalization;
using System.Text;
using Platform.Bench.Gateway.Proxies;
using Platform.Bench.Gateway.Scenes;

namespace Platform.Bench.Gateway;

/// <summary>What was measured, for people.</summary>
internal static class GatewayTable
{
    public static string Plain(Rounds rounds)
    {
        var text = Title("Plain requests, 32 connections", rounds, "requests/s");
        foreach (var name in rounds.Of.Keys)
            Line(text, rounds, name, m => m.AnswersPerSecond, m => m.Report.Answer.P50, m => m.Report.Answer.P99, m => m.PerAnswer);
        return text.ToString();
    }

    public static string Streams(Rounds rounds)
    {
        var text = Title("Streams, 50 at a time, 100 events each at 100/s", rounds, "events/s");
        foreach (var name in rounds.Of.Keys)
            Line(text, rounds, name, m => m.Report.Events / m.Report.Seconds, m => m.Report.Event.P50, m => m.Report.Event.P99, m => m.PerEvent);
        return text.ToString();
    }

    public static string Thousand(Rounds rounds)
    {
        var text = Title("1,000 streams at two events a second", rounds, "events/s");
        foreach (var name in rounds.Of.Keys)
            Line(text, rounds, name, m => m.Report.Events / m.Report.Seconds, m => m.Report.Event.P50, m => m.Report.Event.P99, m => m.PerEvent);
        return text.ToString();
    }

    private static StringBuilder Title(string title, Rounds rounds, string rate) => new StringBuilder()
        .AppendLine(CultureInfo.InvariantCulture, $"{title} (median of {rounds.Slowdowns.Count} rounds; machine's slowdown {rounds.Slowdown:0.0})")
        .AppendLine(CultureInfo.InvariantCulture, $"  {"",-11}{rate,12}{"p50 ms",9}{"p99 ms",9}{"CPU us",9}{"x yarp",9}{"RSS MB",9}{"errors",8}");

    private static void Line(
        StringBuilder text, Rounds rounds, string name,
        Func<Measurement, double> rate, Func<Measurement, double> p50, Func<Measurement, double> p99, Func<Measurement, double> cost)
    {
        if (rounds.Of[name].TrueForAll(m => m.Report.Answers == 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-11}answered none of {rounds.Errors(name)}: {rounds.Fault(name)}");
            return;
        }
        var ratio = rounds.Ratio(name, Peers.Yarp, cost);
        text.Append(CultureInfo.InvariantCulture, $"  {name,-11}{rounds.Middle(name, rate),12:0}{rounds.Middle(name, p50),9:0.00}{rounds.Middle(name, p99),9:0.00}")
            .AppendLine(CultureInfo.InvariantCulture, $"{rounds.Middle(name, cost),9:0.0}{ratio,9:0.00}{rounds.Of[name].Max(m => m.Megabytes),9:0}{rounds.Errors(name),8}");
        if (rounds.Fault(name) is { } fault)
            text.AppendLine(CultureInfo.InvariantCulture, $"    first error of {name}: {fault}");
    }
}
