using System.Text;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Tests;

public sealed class ContextLengthTests
{
    [Theory]
    [InlineData("""{"error":{"message":"x","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""")]
    [InlineData("""{"object":"error","message":"This model's maximum context length is 8192 tokens. However, you requested 8203 tokens (7691 in the messages, 512 in the completion).","type":"BadRequestError","param":null,"code":400}""")]
    [InlineData("""{"error":{"message":"This model\u0027s maximum context length is 16384 tokens. However, you requested 122946 tokens.","type":"BadRequestError","param":null,"code":400}}""")]
    [InlineData("""{"error":{"message":"The decoder prompt (length 9000) is longer than the maximum model length of 4096.","type":"BadRequestError","code":400}}""")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 215000 tokens > 200000 maximum"}}""")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"}}""")]
    [InlineData("""{"object":"error","message":"The input (61709 tokens) is longer than the model's context length (40960 tokens).","type":"BadRequestError","param":null,"code":400}""")]
    [InlineData("""{"error":{"code":400,"message":"the request exceeds the available context size.","type":"exceed_context_size_error","n_prompt_tokens":1407,"n_ctx":256}}""")]
    public void Engines_say_it_in_their_words(string body) => IsMeant(400, body).ShouldBeTrue();

    [Theory]
    [InlineData(400, """{"error":{"message":"Invalid 'temperature'.","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}""")]
    [InlineData(429, """{"error":{"message":"x","code":"context_length_exceeded"}}""")]
    [InlineData(400, """{"error":{"message":"no","detail":{"cause":{"message":"prompt is too long"}}}}""")]
    [InlineData(400, """{"error":{"message":null,"code":17}}""")]
    [InlineData(400, """{"error":{"message":"\ud800"}}""")]
    [InlineData(400, """prompt is too long""")]
    [InlineData(400, "")]
    public void Other_refusals_are_not_meant(int status, string body) => IsMeant(status, body).ShouldBeFalse();

    private static bool IsMeant(int status, string body) => ContextLength.IsMeant(status, Encoding.UTF8.GetBytes(body));
}
