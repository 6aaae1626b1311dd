using System.Globalization;
using System.Text;

namespace Platform.GpuWorker.Metrics;

/// <summary>Writes Prometheus' text format 0.0.4.</summary>
/// <param name="labels">Labels of every sample, without braces, or empty.</param>
internal sealed class PrometheusPage(string labels)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(8192);

    public PrometheusPage Gauge(string name, string help, double value) => Family(name, help, "gauge").Sample(name, labels, value);

    public PrometheusPage Counter(string name, string help, double value) => Family(name, help, "counter").Sample(name, labels, value);

    /// <summary>A family of one sample for each element of <paramref name="samples"/>: labels of its own, and its value.</summary>
    public PrometheusPage Gauges(string name, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        Family(name, help, "gauge");
        foreach (var (own, value) in samples)
            Sample(name, Join(labels, own), value);
        return this;
    }

    public PrometheusPage Histogram(string name, string help, Histogram histogram)
    {
        Family(name, help, "histogram");
        long count = 0;
        for (var i = 0; i <= histogram.Bounds.Count; i++)
        {
            count += histogram.CountAt(i);
            var bound = i == histogram.Bounds.Count ? "+Inf" : Number(histogram.Bounds[i]);
            Sample(name + "_bucket", Join(labels, $"le=\"{bound}\""), count);
        }
        return Sample(name + "_sum", labels, histogram.Sum).Sample(name + "_count", labels, count);
    }

    /// <summary>A label's value with what the format escapes.</summary>
    public static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public override string ToString() => _text.ToString();

    private PrometheusPage Family(string name, string help, string type)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    private PrometheusPage Sample(string name, string sampleLabels, double value)
    {
        _text.Append(name);
        if (sampleLabels.Length > 0)
            _text.Append('{').Append(sampleLabels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
        return this;
    }

    private static string Join(string left, string right) => left.Length == 0 ? right : left + "," + right;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
