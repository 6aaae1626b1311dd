namespace Platform.Bench.Gateway.Traffic;

/// <summary>What the driver is to do: one line of JSON on its standard input.</summary>
/// <param name="Request">Head and body of every request, as they go over the wire.</param>
/// <param name="Connections">Each sends one request after the other.</param>
/// <param name="Seconds">No request begins later; 0 for one request on each connection.</param>
/// <param name="EventsPerAnswer">Stamped events that each answer must have; 0 where it is no stream.</param>
/// <param name="SpreadSeconds">The connections begin evenly within this time.</param>
internal sealed record DriveJob(int Port, string Request, int Connections, double Seconds, int EventsPerAnswer = 0, double SpreadSeconds = 0);

/// <summary>What came of it: one line of JSON on the driver's standard output.</summary>
/// <param name="Answers">Whole and with status 200.</param>
/// <param name="Events">Stamped events that arrived.</param>
/// <param name="Errors">Requests without such an answer.</param>
/// <param name="Fault">What the first error was.</param>
/// <param name="Answer">From the request's first byte out to the answer's last byte in.</param>
/// <param name="Event">From the upstream's stamp to the arrival.</param>
internal sealed record DriveReport(long Answers, long Events, long Errors, string? Fault, double Seconds, Latency Answer, Latency Event);

/// <summary>Milliseconds; 0 where nothing was measured.</summary>
internal readonly record struct Latency(double P50, double P99)
{
    public static Latency Of(List<long> nanoseconds)
    {
        if (nanoseconds.Count == 0)
            return default;
        nanoseconds.Sort();
        return new(At(0.5), At(0.99));

        double At(double share) => nanoseconds[Math.Clamp((int)Math.Ceiling(share * nanoseconds.Count) - 1, 0, nanoseconds.Count - 1)] / 1e6;
    }
}
