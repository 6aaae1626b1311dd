using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.GpuWorker.Tests.Running;

namespace Platform.GpuWorker.Tests.Api;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("""{"model":"llama-test"}""", 400, "missing_required_parameter", "messages")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", 400, "missing_required_parameter", "model")]
    [InlineData("""{"model":"llama-test","messages":[{"content":"x"}]}""", 400, "missing_required_parameter", "messages[0].role")]
    [InlineData("""{"model":"llama-test","messages":[]}""", 400, "invalid_value", "messages")]
    [InlineData("""{"model":"llama-test","messages":"x"}""", 400, "invalid_type", "messages")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":3}]}""", 400, "invalid_type", "messages[0].content")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"\ud800"}]}""", 400, "invalid_type", "messages[0].content")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400, "invalid_value", "max_tokens")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", 400, "invalid_type", "stream")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"x"}],"n":2}""", 400, "invalid_value", "n")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"x"}],"mesages":[]}""", 400, "unknown_parameter", "mesages")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"x"}],"stream_options":{}}""", 400, "invalid_value", "stream_options")]
    [InlineData("""{"model":"gpt-9","messages":[{"role":"user","content":"x"}]}""", 404, "model_not_found", "model")]
    [InlineData("""{"model":"llama-test","messages":[{"role":"user","content":"x"}],"max_tokens":500}""", 400, "context_length_exceeded", "messages")]
    [InlineData("[1]", 400, null, null)]
    [InlineData("{nonsense", 400, null, null)]
    [InlineData("", 400, null, null)]
    public async Task A_wrong_request_is_refused_in_OpenAIs_shape_and_logged(string body, int status, string? code, string? parameter)
    {
        await using var worker = await Worker.StartAsync("--max-model-len", "400");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await worker.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status);
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");
        error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("param").GetString().ShouldBe(parameter);
        worker.Log().ShouldHaveSingleItem().ShouldSatisfyAllConditions(l => l.Outcome.ShouldBe("rejected"), l => l.Status.ShouldBe(status));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var worker = await Worker.StartAsync();
        // Otherwise the client may see its connection close before it has read the answer.
        worker.Client.DefaultRequestHeaders.ExpectContinue = true;
        using var content = new StringContent("{\"model\":\"" + new string('x', 17 << 20) + "\"}", Encoding.UTF8, "application/json");
        using var response = await worker.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task With_api_keys_only_their_bearers_get_in_and_only_v1_is_guarded()
    {
        await using var worker = await Worker.StartAsync("--api-key", "first", "--api-key", "second");
        await worker.AskAsync("/v1/chat/completions", Worker.Chat("x"), "no-key", status: 401);
        worker.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "third");
        (await worker.AskAsync("/v1/chat/completions", Worker.Chat("x"), status: 401)).GetProperty("error").GetProperty("code").GetString().ShouldBe("invalid_api_key");
        worker.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "second");
        await worker.ChatAsync("x");
        worker.Client.DefaultRequestHeaders.Authorization = null;
        await worker.MetricsAsync();
        (await worker.EndOfAsync("no-key")).ShouldSatisfyAllConditions(l => l.Outcome.ShouldBe("rejected"), l => l.Status.ShouldBe(401));
    }

    [Fact]
    public async Task An_unknown_route_answers_404()
    {
        await using var worker = await Worker.StartAsync();
        (await worker.Client.GetAsync("/v2/anything", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
