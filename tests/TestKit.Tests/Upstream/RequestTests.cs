using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Platform.TestKit.Clients;
using Platform.TestKit.Upstream;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Upstream;

/// <summary>What is kept of requests, and how scripts are chosen by them.</summary>
public sealed class RequestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_keep_their_order_and_spelling_and_the_body_its_bytes()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"));
        using var client = await RawClient.ConnectAsync(upstream.Url);

        await client.SendAsync(RawClient.Post("/v1/chat/completions?x=1", "{\"model\": \"mödel\"}", "X-Twice: a\r\nx-tWICE:  b \r\n"));
        await client.ReadTextAsync(t => t.EndsWith("{}", StringComparison.Ordinal));

        var request = await upstream.RequestAsync(1);
        request.Headers.Select(h => h.Key).ShouldBe(["Host", "Content-Type", "X-Twice", "x-tWICE", "Content-Length"]);
        (request.Path, request.Target, request.Model, request.Text).ShouldBe(("/v1/chat/completions", "/v1/chat/completions?x=1", "mödel", "{\"model\": \"mödel\"}"));
        request.Header("x-twice").ShouldBe("a, b");
        request.RawBody.ShouldBe(request.Body);
    }

    [Fact]
    public async Task A_chunked_body_is_kept_with_and_without_its_chunks()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"));
        using var client = await RawClient.ConnectAsync(upstream.Url);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\n{\"mo\r\n");
        await client.SendAsync("e\r\ndel\": \"split\"}\r\n0\r\nTrailer: 1\r\n\r\n");
        await client.ReadTextAsync(t => t.EndsWith("{}", StringComparison.Ordinal));

        var request = await upstream.RequestAsync(1);
        request.Model.ShouldBe("split");
        Encoding.UTF8.GetString(request.RawBody).ShouldBe("4;ext=1\r\n{\"mo\r\ne\r\ndel\": \"split\"}\r\n0\r\nTrailer: 1\r\n\r\n");
    }

    [Fact]
    public async Task Requests_on_one_connection_come_one_after_another_also_when_sent_at_once()
    {
        await using var upstream = ScriptedUpstream.Start(r => Script.Json($"{{\"n\":{r.Number}}}"));
        using var client = await RawClient.ConnectAsync(upstream.Url);

        await client.SendAsync(RawClient.Post("/a", "{}") + RawClient.Post("/b", "{}") + RawClient.Post("/c", "{}"));
        var text = await client.ReadTextAsync(t => t.EndsWith("{\"n\":3}", StringComparison.Ordinal));

        text.ShouldContain("{\"n\":1}");
        upstream.Requests.Select(r => (r.Path, r.Connection)).ShouldBe([("/a", 1), ("/b", 1), ("/c", 1)]);
    }

    [Fact]
    public async Task A_form_names_its_model()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"));
        using var http = new HttpClient();
        using var form = new MultipartFormDataContent { { new StringContent("whisper"), "model" }, { new ByteArrayContent(MediaWire.Speech(5000)), "file", "a.mp3" } };

        await http.PostAsync(upstream.Url, form, Cancel);

        (await upstream.RequestAsync(1)).Model.ShouldBe("whisper");
    }

    [Fact]
    public async Task A_sequence_fails_first_and_works_then()
    {
        await using var upstream = ScriptedUpstream.Start(new ScriptTable()
            .Model("shaky", Script.Error(OpenAiErrors.RateLimited, RetryAfter.Seconds(1), RetryAfter.Milliseconds(900)), Script.Json("{}"))
            .Header("x-who", "me", Script.Error(AnthropicErrors.Overloaded))
            .Otherwise(Script.Json("[]")).Choose);
        using var http = new HttpClient();

        using var first = await http.PostAsJsonAsync(upstream.Url, new { model = "shaky" }, Cancel);
        using var second = await http.PostAsJsonAsync(upstream.Url, new { model = "shaky" }, Cancel);
        using var third = await http.PostAsJsonAsync(upstream.Url, new { model = "shaky" }, Cancel);

        new[] { first, second, third }.Select(r => r.StatusCode).ShouldBe([HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK]);
        first.Headers.RetryAfter.ShouldBe(new RetryConditionHeaderValue(TimeSpan.FromSeconds(1)));
        upstream.Requests.Select(r => r.Seen).ShouldBe([1, 2, 3]);
        http.DefaultRequestHeaders.Add("x-who", "me");
        using var fourth = await http.PostAsJsonAsync(upstream.Url, new { }, Cancel);
        ((int)fourth.StatusCode).ShouldBe(529);
    }

    [Fact]
    public void Retry_after_has_its_forms()
    {
        RetryAfter.Date(new(2026, 11, 24, 12, 0, 5, TimeSpan.FromHours(1))).ShouldBe(("retry-after", "Tue, 24 Nov 2026 11:00:05 GMT"));
        RetryAfter.Fraction(1.5).ShouldBe(("retry-after", "1.5"));
        RetryAfter.Nonsense().Value.ShouldBe("soon");
    }

    [Fact]
    public async Task An_answer_may_come_before_the_body_was_read()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"), new()
        {
            BeforeBody = r => r.Path == "/early" ? Script.Error(OpenAiErrors.InvalidKey) : null,
        });
        using var client = await RawClient.ConnectAsync(upstream.Url);

        await client.SendAsync("POST /early HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n{");
        var text = await client.ReadTextAsync();

        text.ShouldStartWith("HTTP/1.1 401 Unauthorized\r\n");
        client.End.ShouldBe(RawEnd.Fin);
        upstream.Requests[0].Whole.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_script_that_began_early_may_read_the_body_in_its_middle()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"), new()
        {
            BeforeBody = _ => Script.Stream().Write(": working\n\n").ReadRequest().Write("data: read\n\n"),
        });
        using var client = await RawClient.ConnectAsync(upstream.Url);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n{");
        await client.ReadTextAsync(t => t.Contains(": working", StringComparison.Ordinal));
        await client.SendAsync("  }");
        var text = await client.ReadTextAsync(t => t.EndsWith("0\r\n\r\n", StringComparison.Ordinal));

        text.ShouldContain("data: read");
        (await upstream.RequestAsync(1)).Text.ShouldBe("{  }");
    }

    [Fact]
    public async Task It_tells_who_waits_for_it_to_go_on()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.ExpectContinue = true;

        using var answer = await http.PostAsJsonAsync(upstream.Url, new { model = "m" }, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await upstream.RequestAsync(1)).Model.ShouldBe("m");
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "with 1 Content-Length")]
    [InlineData("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "2 | 3")]
    [InlineData("POST / HTTP/1.1\r\nHost : test\r\n\r\n", "Header line")]
    [InlineData("POST /\r\n\r\n", "Request line")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "Chunk header")]
    public async Task A_broken_request_is_a_fault_and_never_a_guess(string sent, string fault)
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"));
        using var client = await RawClient.ConnectAsync(upstream.Url);

        await client.SendAsync(sent);
        await client.ReadAllAsync();

        client.End.ShouldBe(RawEnd.Reset);
        upstream.Faults.ShouldHaveSingleItem().Message.ShouldContain(fault);
    }

    [Fact]
    public async Task Only_the_newest_requests_are_kept()
    {
        await using var upstream = ScriptedUpstream.Start(Script.Json("{}"), new() { MaxRequests = 3 });
        using var http = new HttpClient();

        for (var i = 0; i < 5; i++)
            await http.GetStringAsync(upstream.Url, Cancel);

        upstream.Requests.Select(r => r.Number).ShouldBe([3, 4, 5]);
        upstream.Count.ShouldBe(5);
    }
}
