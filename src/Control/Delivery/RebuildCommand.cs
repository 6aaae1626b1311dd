namespace Platform.Control.Delivery;

/// <summary>
/// <c>Platform.Control rebuild</c>: compiles every resource anew (<see cref="ConfigRebuild"/>), for an operator who
/// rotated a key or repaired the database by hand. It may be run at any time; exit code 0 when it is done.
/// </summary>
internal static class RebuildCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    public static bool IsAsked(string[] args) => args is ["rebuild", ..];

    public static async Task<int> RebuildAsync(this WebApplication app)
    {
        await using var _ = app;
        using var deadline = new CancellationTokenSource(Deadline);
        await app.Services.GetRequiredService<ConfigRebuild>().RunAsync("rebuild", deadline.Token);
        return 0;
    }
}
