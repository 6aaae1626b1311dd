using Platform.Contracts.Ids;
using Platform.Gateway.Metering;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>How work for the journal is gathered, and that nobody waits for ever.</summary>
public sealed class JournalQueueTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_while_a_group_is_written_is_the_next_group()
    {
        using var gate = new SemaphoreSlim(0);
        var groups = new List<int>();
        await using var queue = new JournalQueue(
            (group, _) =>
            {
                gate.Wait(Token);
                groups.Add(group.Count);
                return null;
            },
            () => false,
            TimeProvider.System);

        var first = Task.Run(() => queue.SubmitAsync(Work()).AsTask(), Token);
        await Until.TrueAsync(() => queue.IsBusy);
        var others = Enumerable.Range(0, 300).Select(_ => queue.SubmitAsync(Work()).AsTask()).ToList();
        others.ShouldAllBe(t => !t.IsCompleted);
        gate.Release(3);
        await Task.WhenAll([first, .. others]).WaitAsync(TimeSpan.FromSeconds(15), Token);

        groups.ShouldBe([1, 256, 44]);
    }

    [Fact]
    public async Task Each_of_a_failed_group_hears_of_it_and_the_next_is_written()
    {
        var fault = new IOException("no room");
        var fails = true;
        await using var queue = new JournalQueue((_, _) => fails ? fault : null, () => false, TimeProvider.System);

        (await Should.ThrowAsync<IOException>(() => queue.SubmitAsync(Work()).AsTask())).ShouldBeSameAs(fault);
        fails = false;
        await queue.SubmitAsync(Work());
    }

    [Fact]
    public async Task Nobody_waits_for_a_disk_that_hangs()
    {
        var time = new ManualTime();
        using var gate = new SemaphoreSlim(0);
        await using var queue = new JournalQueue(
            (_, _) =>
            {
                gate.Wait(Token);
                return null;
            },
            () => false,
            time);
        queue.Start();
        var hangs = Task.Run(() => queue.SubmitAsync(Work()).AsTask(), Token);
        await Until.TrueAsync(() => queue.IsBusy);
        var behind = queue.SubmitAsync(Work()).AsTask();

        time.Advance(TimeSpan.FromSeconds(4));
        behind.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(2));

        await Should.ThrowAsync<TimeoutException>(() => behind.WaitAsync(TimeSpan.FromSeconds(15), Token));
        gate.Release(10);
        await Should.ThrowAsync<TimeoutException>(() => hangs.WaitAsync(TimeSpan.FromSeconds(15), Token));
    }

    [Fact]
    public async Task A_closed_queue_has_written_what_waited_and_takes_no_more()
    {
        var written = 0;
        var queue = new JournalQueue(
            (group, _) =>
            {
                Interlocked.Add(ref written, group.Count);
                return null;
            },
            () => false,
            TimeProvider.System);
        var submitted = Parallel.ForAsync(0, 1000, Token, async (_, _) => await queue.SubmitAsync(Work()));

        await submitted;
        await queue.DisposeAsync();

        written.ShouldBe(1000);
        await Should.ThrowAsync<InvalidOperationException>(async () => await queue.SubmitAsync(Work()));
    }

    private static JournalWork.Replay Work() => new JournalWork.Replay(BootId.New(), 1, 1);
}
