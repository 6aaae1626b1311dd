using System.Diagnostics;

namespace Platform.E2E;

/// <summary>Waits for a condition instead of a time.</summary>
internal static class Eventually
{
    /// <summary>Asks until the answer satisfies; returns it and how long that took.</summary>
    public static async Task<(T Value, TimeSpan Took)> GetAsync<T>(
        Func<Task<T>> ask, Func<T, bool> satisfies, TimeSpan patience, TimeSpan? pause = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            T value;
            Exception? failure = null;
            try
            {
                value = await ask();
                if (satisfies(value))
                    return (value, clock.Elapsed);
            }
            catch (Exception e) when (e is HttpRequestException or Local.LocalException or TaskCanceledException)
            {
                value = default!;
                failure = e;
            }
            if (clock.Elapsed > patience)
                throw new TimeoutException($"Not so within {patience.TotalSeconds:0.#} s; the last answer was: {failure?.Message ?? value?.ToString()}");
            await Task.Delay(pause ?? TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }
    }
}
