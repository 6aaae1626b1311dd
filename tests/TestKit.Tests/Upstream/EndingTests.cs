using System.Net;
using Platform.TestKit.Clients;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Upstream;

/// <summary>How answers end, or do not.</summary>
public sealed class EndingTests
{
    private const string Get = "GET /x HTTP/1.1\r\nHost: test\r\n\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reset_is_a_reset_and_a_close_is_a_close()
    {
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Path("/reset", Script.Stream().Write("data: 1\n\n").Stall(TimeSpan.FromMilliseconds(50)).Reset())
            .Path("/close", Script.Stream().Write("data: 1\n\n").Close())
            .Choose);

        (await EndOfAsync(upstream, "/reset")).ShouldBe(RawEnd.Reset);
        (await EndOfAsync(upstream, "/close")).ShouldBe(RawEnd.Fin);
        upstream.Requests.Select(r => r.End).ShouldBe([ScriptEnd.Reset, ScriptEnd.Closed]);
        upstream.Requests.ShouldAllBe(r => r.HungUpAt == null);
    }

    [Fact]
    public async Task What_was_sent_before_a_reset_arrives()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Stream().Write("data: 1\n\n").Reset());

        for (var i = 0; i < 50; i++)
        {
            using var client = await RawClient.ConnectAsync(upstream.Url);
            await client.SendAsync(Get);

            (await client.ReadTextAsync()).ShouldEndWith("data: 1\n\n\r\n");
            client.End.ShouldBe(RawEnd.Reset);
        }
    }

    [Fact]
    public async Task A_stall_holds_until_its_task_is_done()
    {
        var gate = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(Script.Stream().Write("data: 1\n\n").Stall(gate.Task).Write("data: 2\n\n"));
        using var client = await RawClient.ConnectAsync(upstream.Url);
        await client.SendAsync(Get);
        await client.ReadTextAsync(t => t.Contains("data: 1", StringComparison.Ordinal));

        var late = client.ReadTextAsync(t => t.Contains("data: 2", StringComparison.Ordinal));
        await Task.Delay(150, Cancel);
        late.IsCompleted.ShouldBeFalse();
        gate.SetResult();

        (await late).ShouldContain("data: 2");
    }

    [Fact]
    public async Task A_stall_for_a_time_goes_by_the_given_clock()
    {
        var clock = new ManualClock();
        await using var upstream = ScriptedUpstream.Start(Script.Empty.Stall(TimeSpan.FromHours(1)).Then(Script.Json("{}").Steps), new() { Clock = clock });
        using var http = new HttpClient();

        var answer = http.GetStringAsync(upstream.Url, Cancel);
        await clock.FirstTimer.WaitAsync(TimeSpan.FromSeconds(5), Cancel);
        answer.IsCompleted.ShouldBeFalse();
        clock.Fire();

        (await answer.WaitAsync(TimeSpan.FromSeconds(5), Cancel)).ShouldBe("{}");
    }

    [Fact]
    public async Task A_caller_who_hangs_up_ends_the_script_and_is_remembered_with_the_time()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Stream().Write("data: 1\n\n").StallForever());
        using (var client = await RawClient.ConnectAsync(upstream.Url))
        {
            await client.SendAsync(Get);
            await client.ReadTextAsync(t => t.Contains("data: 1", StringComparison.Ordinal));
            (await upstream.RequestAsync(1)).HungUpAt.ShouldBeNull();
        }

        var request = await upstream.RequestAsync(1);
        var at = await request.HungUp.WaitAsync(TimeSpan.FromSeconds(5), Cancel);
        await request.Ended.WaitAsync(TimeSpan.FromSeconds(5), Cancel);

        at.ShouldBeGreaterThan(request.Arrived);
        request.End.ShouldBe(ScriptEnd.CallerLeft);
        upstream.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_who_resets_is_seen_too()
    {
        await using var upstream = ScriptedUpstream.Start(Script.NeverAnswer);
        using var client = await RawClient.ConnectAsync(upstream.Url);
        await client.SendAsync(Get);
        var request = await upstream.RequestAsync(1);
        client.Reset();

        await request.HungUp.WaitAsync(TimeSpan.FromSeconds(5), Cancel);
    }

    [Fact]
    public async Task An_aborted_client_of_the_framework_counts_as_hung_up_and_a_contented_one_does_not()
    {
        await using var upstream = ScriptedUpstream.Start(new ScriptTable().Path("/slow", Script.NeverAnswer).Otherwise(Script.Json("{}")).Choose);
        using var http = new HttpClient();
        using var leaving = new CancellationTokenSource();

        await http.GetStringAsync(upstream.Url, Cancel);
        var slow = http.GetStringAsync(new Uri(upstream.Url, "slow"), leaving.Token);
        var request = await upstream.RequestAsync(2);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(slow);

        await request.HungUp.WaitAsync(TimeSpan.FromSeconds(5), Cancel);
        upstream.Requests[0].End.ShouldBe(ScriptEnd.Finished);
        upstream.Requests[0].HungUpAt.ShouldBeNull();
    }

    [Fact]
    public async Task A_deadline_ends_what_nobody_ends()
    {
        await using var upstream = ScriptedUpstream.Start(Script.NeverAnswer, new() { Deadline = TimeSpan.FromMilliseconds(200) });

        (await EndOfAsync(upstream, "/x")).ShouldBe(RawEnd.Reset);
        upstream.Faults.ShouldHaveSingleItem().Message.ShouldContain("StallFor took longer than 0.2 s");
    }

    [Fact]
    public async Task Disposal_ends_every_connection()
    {
        var upstream = ScriptedUpstream.Start(Script.NeverAnswer);
        using var asking = await RawClient.ConnectAsync(upstream.Url);
        using var idle = await RawClient.ConnectAsync(upstream.Url);
        await asking.SendAsync(Get);
        var request = await upstream.RequestAsync(1);

        await upstream.DisposeAsync();

        (await asking.ReadAsync()).ShouldBeEmpty();
        (await idle.ReadAsync()).ShouldBeEmpty();
        request.End.ShouldBe(ScriptEnd.Failed);
        upstream.OpenConnections.ShouldBe(0);
    }

    [Fact]
    public async Task Malformed_answers_fail_in_the_client_and_never_here()
    {
        var events = OpenAiWire.ChatEvents(AnswerSample.Greeting);
        var json = OpenAiWire.Chat(AnswerSample.Greeting);
        Script[] broken =
        [
            Malformed.ShortBody(json), Malformed.ChunkHeader(events), Malformed.LongChunk(events), Malformed.NoLastChunk(events), Malformed.StatusLine,
            Malformed.HeaderLine, Malformed.NothingThenFin, Malformed.NothingThenReset,
        ];
        await using var upstream = ScriptedUpstream.Start(ScriptTable.Sequence(broken));
        using var http = new HttpClient();

        for (var i = 0; i < broken.Length; i++)
            await Should.ThrowAsync<HttpRequestException>(http.GetByteArrayAsync(upstream.Url, Cancel), $"script {i}");
        upstream.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_speaks_TLS_with_a_certificate()
    {
        using var certificate = TestCertificate.Make();
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Path("/cut", Script.Stream().Write("data: 1\n\n").Close())
            .Otherwise(Script.Events(OpenAiWire.ChatEvents(AnswerSample.Greeting), Pace.UntilRead)).Choose, new() { Certificate = certificate });
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new() { RemoteCertificateValidationCallback = (_, given, _, _) => given!.GetCertHashString() == certificate.GetCertHashString() },
        };
        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version11 };

        (await http.GetStringAsync(upstream.Url, Cancel)).ShouldEndWith("data: [DONE]\n\n");
        await Should.ThrowAsync<HttpRequestException>(http.GetStringAsync(new Uri(upstream.Url, "cut"), Cancel));
        upstream.Faults.ShouldBeEmpty();
    }

    private static async Task<RawEnd?> EndOfAsync(ScriptedUpstream upstream, string path)
    {
        using var client = await RawClient.ConnectAsync(upstream.Url);
        await client.SendAsync(Get.Replace("/x", path, StringComparison.Ordinal));
        await client.ReadAllAsync();
        return client.End;
    }
}
