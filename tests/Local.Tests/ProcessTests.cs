using Platform.Local.Processes;

namespace Platform.Local.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryHome _temporary = new();

    [Fact]
    public async Task A_started_process_is_found_again_and_stopped_by_its_id()
    {
        var table = new ProcessTable(_temporary.Home);
        table.Add(Start("sleeper", "sleep", "600"));

        var found = new ProcessTable(_temporary.Home).Find("sleeper").ShouldNotBeNull();
        (await found.StopAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();

        table.Find("sleeper").ShouldBeNull();
    }

    [Fact]
    public async Task Another_process_with_the_same_id_is_not_taken_for_ours()
    {
        var process = Start("sleeper", "sleep", "600");
        var other = process with { StartTicks = process.StartTicks - 1 };

        other.IsAlive().ShouldBeFalse();
        other.Signal("KILL");
        process.IsAlive().ShouldBeTrue();

        await process.StopAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_process_that_ends_before_it_is_ready_is_an_error_with_its_last_words()
    {
        var process = Start("talker", "sh", "-c", "echo the port is taken; exit 3");

        var error = await Should.ThrowAsync<LocalException>(
            () => Launcher.WaitReadyAsync(process, _ => Task.FromResult(false), TimeSpan.FromSeconds(10)));

        error.Message.ShouldContain("the port is taken");
    }

    [Fact]
    public void Logs_can_be_read_by_their_owner_only()
    {
        var process = Start("talker", "true");

        File.GetUnixFileMode(process.LogFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Ports_and_secrets_stay_from_one_load_to_the_next()
    {
        var state = LocalState.Load(_temporary.Home);
        var (port, secret) = (state.Port("control"), state.Secret("admin"));
        state.Save();

        var again = LocalState.Load(_temporary.Home);

        again.Port("control").ShouldBe(port);
        again.Secret("admin").ShouldBe(secret);
        again.Port("portal").ShouldNotBe(port);
        File.GetUnixFileMode(_temporary.Home.StateFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => _temporary.Dispose();

    private RunningProcess Start(string name, params string[] command) =>
        Launcher.Start(new(name, command, new Dictionary<string, string>()), _temporary.Home.LogDirectory);
}
