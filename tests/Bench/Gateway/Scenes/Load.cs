using Platform.Bench.Gateway.Proxies;
using Platform.Bench.Gateway.Traffic;

namespace Platform.Bench.Gateway.Scenes;

/// <summary>What is asked of every proxy alike.</summary>
/// <param name="EventsPerAnswer">0 where answers are no streams.</param>
/// <param name="Seconds">0 for one request on each connection.</param>
internal sealed record Load(string Model, int Connections, double Seconds, int EventsPerAnswer = 0, double SpreadSeconds = 0)
{
    public static Load Plain(double seconds) => new(FixedAnswers.PlainModel, 32, seconds);

    /// <summary>Fifty streams at a time, of a hundred events each, a hundred a second.</summary>
    public static Load Streams(double seconds) => new(FixedAnswers.StreamModel(100, 100), 50, seconds, 100, SpreadSeconds: 0.9);

    /// <summary>A thousand streams at two events a second, all at once for so many seconds.</summary>
    public static Load Thousand(int seconds) => new(FixedAnswers.StreamModel(2 * seconds, 2), 1000, 0, 2 * seconds, SpreadSeconds: 4.7);

    public DriveJob For(Proxy proxy, string prefix = "") => new(
        proxy.Port, FixedAnswers.Request(proxy.Port, prefix + Model, EventsPerAnswer > 0, proxy.Headers), Connections, Seconds, EventsPerAnswer, SpreadSeconds);
}
