using Platform.Bench.Gateway.Proxies;
using Platform.Local;

namespace Platform.Bench.Gateway.Scenes;

/// <summary>
/// Until the runtime has compiled what runs hot (tiers, profiles) and the cost of a request stays: at least
/// <see cref="MinAnswers"/>, and then two rounds alike.
/// </summary>
internal static class WarmUp
{
    private const int MinAnswers = 20_000;
    private const int MaxRounds = 12;
    private const double Alike = 0.07;

    public static async Task RunAsync(DriverProcess driver, Proxy proxy, bool isSlow)
    {
        var (answers, last) = (0L, double.MaxValue);
        for (var round = 0; round < (isSlow ? 2 : MaxRounds); round++)
        {
            var measured = await Measurement.TakeAsync(driver, proxy, Load.Plain(2).For(proxy));
            if (measured.Report.Answers == 0)
                throw new LocalException($"{proxy.Name} answers nothing: {measured.Report.Fault}");
            answers += measured.Report.Answers;
            if (answers >= MinAnswers && Math.Abs(measured.PerAnswer - last) <= Alike * last)
                break;
            last = measured.PerAnswer;
        }
        await Measurement.TakeAsync(driver, proxy, Load.Streams(2).For(proxy));
    }
}
