namespace Platform.Portal.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Asks until the answer is good or 20 s are over; the last answer.</summary>
    public static async Task<T> Async<T>(Func<Task<T>> ask, Func<T, bool> good)
    {
        var until = DateTimeOffset.UtcNow + Deadline;
        while (true)
        {
            var answer = await ask();
            if (good(answer) || DateTimeOffset.UtcNow > until)
                return answer;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
