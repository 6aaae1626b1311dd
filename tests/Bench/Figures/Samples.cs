namespace Platform.Bench.Figures;

/// <summary>Measured values of one thing, all kept: percentiles are exact (nearest rank). Safe to add to from several threads.</summary>
public sealed class Samples(string name, string unit = "ms")
{
    private readonly Lock _lock = new();
    private readonly List<double> _values = [];

    public string Name => name;

    public string Unit => unit;

    public int Count
    {
        get
        {
            lock (_lock)
                return _values.Count;
        }
    }

    public void Add(double value)
    {
        lock (_lock)
            _values.Add(value);
    }

    public void Add(TimeSpan time) => Add(time.TotalMilliseconds);

    /// <param name="percent">0 to 100; the smallest value that so many percent of all do not exceed.</param>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public double Percentile(double percent)
    {
        lock (_lock)
        {
            if (_values.Count == 0)
                throw new InvalidOperationException($"Nothing was measured for {name}.");
            _values.Sort();
            var rank = (int)Math.Ceiling(percent / 100 * _values.Count);
            return _values[Math.Clamp(rank, 1, _values.Count) - 1];
        }
    }

    /// <summary>p50, p95, p99 and the count.</summary>
    /// <param name="held">Which percentile has the target: 95 or 99.</param>
    public IEnumerable<Figure> ToFigures(double? target = null, int held = 95)
    {
        foreach (var percent in (int[])[50, 95, 99])
        {
            var (figure, value) = ($"{name}.p{percent}", Percentile(percent));
            yield return target is { } limit && percent == held ? Figure.Below(limit, figure, value, unit) : Figure.Plain(figure, value, unit);
        }
        yield return Figure.Plain(name + ".count", Count, "samples");
    }
}
