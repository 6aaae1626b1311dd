using System.Text;
using System.Text.Json;
using Platform.Gateway.Prompts;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

/// <summary>Prompts that cannot fit into their model's context window.</summary>
public sealed class ContextWindowTests(GatewayFixture world) : IClassFixture<GatewayFixture>
{
    private const int Window = 16;
    private const string Answer = """{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""";

    /// <summary>The longest that may fit.</summary>
    private static readonly string Longest = new('a', ((Window + 1) * ContextWindows.MostCharactersPerToken) - 1);

    [Fact]
    public async Task A_chat_completion_is_refused_in_OpenAIs_words_and_never_sent()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync("vllm", upstream.Url);

        var refused = await tenant.AskAsync(Chat(tenant, Longest + "a"));
        var fits = await tenant.AskAsync(Chat(tenant, Longest));

        (refused.Status, refused.Header("x-gateway-reason"), refused.Header("x-should-retry")).ShouldBe((400, "caller", "false"));
        using var error = JsonDocument.Parse(refused.Body);
        var said = error.RootElement.GetProperty("error");
        (said.GetProperty("code").GetString(), said.GetProperty("type").GetString(), said.GetProperty("param").GetString())
            .ShouldBe(("context_length_exceeded", "invalid_request_error", "messages"));
        said.GetProperty("message").GetString().ShouldStartWith("This model's maximum context length is 16 tokens.");
        fits.Status.ShouldBe(200);
        upstream.Calls.Count.ShouldBe(1);
        (await tenant.RecordAsync()).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("vllm")]
    public async Task A_message_is_refused_in_Anthropics_words(string engine)
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await TenantAsync(engine, upstream.Url);

        var refused = await tenant.AskAsync(Chat(tenant, Longest + "a").Insert(1, "\"max_tokens\":5,"), path: "/v1/messages");

        refused.Status.ShouldBe(400);
        using var error = JsonDocument.Parse(refused.Body);
        error.RootElement.GetProperty("type").GetString().ShouldBe("error");
        var said = error.RootElement.GetProperty("error");
        (said.GetProperty("type").GetString(), said.GetProperty("message").GetString())
            .ShouldBe(("invalid_request_error", "prompt is too long: at least 17 tokens > 16 maximum"));
        upstream.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/completions", "prompt", true)]
    [InlineData("/v1/responses", "input", true)]
    [InlineData("/v1/embeddings", "input", false)]
    public async Task Other_operations_are_refused_where_their_prompt_has_to_fit_whole(string path, string member, bool refused)
    {
        await using var upstream = await UpstreamStub.JsonAsync("""{"object":"x","status":"completed","choices":[],"data":[],"usage":{"prompt_tokens":3,"input_tokens":3,"output_tokens":0}}""");
        var tenant = await TenantAsync("vllm", upstream.Url);

        var answer = await tenant.AskAsync($$"""{"model":"{{tenant.Model}}","{{member}}":"{{Longest}}a"}""", path: path);

        answer.Status.ShouldBe(refused ? 400 : 200);
        if (refused)
            answer.Text.ShouldContain("\"context_length_exceeded\"");
        upstream.Calls.Count.ShouldBe(refused ? 0 : 1);
    }

    [Fact]
    public async Task Nobody_is_refused_where_nobody_said_how_long_the_window_is()
    {
        await using var upstream = await UpstreamStub.JsonAsync(Answer);
        var tenant = await world.TenantAsync(upstream.Url);

        (await tenant.AskAsync(Chat(tenant, new('a', 1_000_000)))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"abc"},{"content":[{"type":"text","text":"de"},{"type":"text","text":"f"}],"role":"user"}]}""", 6)]
    [InlineData("""{"messages":[{"role":"user","content":" a\tb\n \u0061\"\\\u00e9é　c"}]}""", 3)]
    [InlineData("""{"messages":[{"role":"assistant","content":"abc"},{"role":"system","content":"abc"},{"role":"tool","content":"abc"},{"content":"abc"}]}""", 0)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","text":"x"}},7,[{"text":"x"}],{"text":7}]}]}""", 0)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result","content":"abc"}]}],"system":"abc","prompt":"abc","tools":[{"text":"abc"}]}""", 0)]
    [InlineData("""{"messages":[{"role":"user","content":"abc"}],"truncation":"auto"}""", 0)]
    [InlineData("""{"truncate_prompt_tokens":5,"messages":[{"role":"user","content":"abc"}]}""", 0)]
    [InlineData("""{"messages":[{"role":"user","content":"abc"}],"context_management":{}}""", 0)]
    [InlineData("""{"messages":[{"role":"user","content":"abc","\ud800":1}]}""", 0)]
    [InlineData("""{"messages":[7,"ab",{"role":"user"}]}""", 2)]
    public void What_surely_comes_to_the_model_is_counted_and_nothing_else(string body, int characters) =>
        PromptText.Count(Encoding.UTF8.GetBytes(body), "messages").ShouldBe(characters);

    [Fact]
    public void Of_several_prompts_the_longest_counts_and_tokens_do_not() =>
        PromptText.Count("""{"prompt":["ab","abc",[1,2,3,4],5]}"""u8, "prompt").ShouldBe(3);

    private static string Chat(TestTenant tenant, string text) => $$"""{"model":"{{tenant.Model}}","messages":[{"role":"user","content":"{{text}}"}]}""";

    private Task<TestTenant> TenantAsync(string engine, Uri upstream) =>
        world.TenantAsync(d => d with { Models = [.. d.Models.Select(m => m with { ContextWindow = Window })] }, engine, upstream);
}
