using System.Net;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>The published program as a process of its own, killed and ended.</summary>
public sealed class ProcessTests
{
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""";

    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_that_reached_its_caller_has_its_record_after_kill_9()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        await using var control = await new FakeControl().StartAsync();
        var directory = GatewayHost.NewDirectory();
        var tenant = await EnrolledDirectory.PrepareAsync(control, directory, upstream.Url);
        var answered = new List<string>();
        await using (var process = await GatewayProcess.StartAsync(control.Url, directory))
        {
            await Until.TrueAsync(process.IsReadyAsync);
            var callers = Enumerable.Range(0, 8).Select(_ => CallAsync(process.Http, tenant, answered)).ToList();
            await Until.TrueAsync(() => Count(answered) >= 100);
            await process.KillAsync();
            await Task.WhenAll(callers);
        }

        await using var after = await GatewayHost.StartAsync(control.Url, control.Token, directory);

        var records = after.Records();
        records.GroupBy(r => r.BootId).ShouldAllBe(g => g.Select(r => r.Sequence).SequenceEqual(Enumerable.Range(1, g.Count()).Select(i => (long)i)));
        var ids = records.Select(r => r.Id.ToString()).ToList();
        ids.ShouldBeUnique();
        answered.Except(ids).ShouldBeEmpty();
        answered.Count.ShouldBeGreaterThanOrEqualTo(100);
    }

    [Fact]
    public async Task On_sigterm_a_running_request_ends_and_is_recorded()
    {
        var arrived = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        await using var upstream = await UpstreamStub.StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            await finish.Task;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Answer));
        });
        await using var control = await new FakeControl().StartAsync();
        var directory = GatewayHost.NewDirectory();
        var tenant = await EnrolledDirectory.PrepareAsync(control, directory, upstream.Url);
        await using var process = await GatewayProcess.StartAsync(control.Url, directory);
        await Until.TrueAsync(process.IsReadyAsync);
        var running = process.Http.SendAsync(tenant.Request(tenant.Body()), Token);
        await arrived.Task;

        await process.TerminateAsync();
        finish.SetResult();

        (await running).StatusCode.ShouldBe(HttpStatusCode.OK);
        await process.ExitedAsync();
        process.ExitCode.ShouldBe(0);
        await using var after = await GatewayHost.StartAsync(control.Url, control.Token, directory);
        after.Records().ShouldHaveSingleItem().Status.ShouldBe(200);
    }

    [Fact]
    public async Task It_does_not_watch_the_directory_that_it_was_started_in()
    {
        await using var control = await new FakeControl().StartAsync();
        var directory = GatewayHost.NewDirectory();
        await EnrolledDirectory.PrepareAsync(control, directory, new Uri("http://127.0.0.1:9"));
        for (var i = 0; i < 50; i++)
            Directory.CreateDirectory(Path.Combine(directory, "tree", $"{i}", "below"));
        await using var process = await GatewayProcess.StartInAsync(Path.Combine(directory, "tree"), control.Url, directory);
        await Until.TrueAsync(process.IsReadyAsync);

        process.Watched.ShouldBe(0);
    }

    private static async Task CallAsync(HttpClient http, TestTenant tenant, List<string> answered)
    {
        try
        {
            while (true)
            {
                using var response = await http.SendAsync(tenant.Request(tenant.Body()), Token);
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
                lock (answered)
                    answered.Add(response.Headers.GetValues("x-request-id").Single());
            }
        }
        catch (HttpRequestException)
        {
            // The process is gone.
        }
    }

    private static int Count(List<string> answered)
    {
        lock (answered)
            return answered.Count;
    }
}
