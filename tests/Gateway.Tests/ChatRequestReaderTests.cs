using System.Text;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Requests;
using Platform.Gateway.Upstream;

namespace Platform.Gateway.Tests;

public sealed class ChatRequestReaderTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";

    [Theory]
    [InlineData("", "invalid_json", null)]
    [InlineData("no json", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("\"text\"", "invalid_json", null)]
    [InlineData("{\"model\":\"m\"", "invalid_json", null)]
    [InlineData("{\"model\":\"m\"," + Messages + "} {}", "invalid_json", null)]
    [InlineData("{\"model\":\"m\"," + Messages + ",}", "invalid_json", null)]
    [InlineData("{\"model\":\"\\ud800\"," + Messages + "}", "invalid_json", null)]
    [InlineData("{" + Messages + "}", "missing_required_parameter", "model")]
    [InlineData("{\"model\":\"m\"}", "missing_required_parameter", "messages")]
    [InlineData("{\"model\":5," + Messages + "}", "invalid_type", "model")]
    [InlineData("{\"model\":null," + Messages + "}", "invalid_type", "model")]
    [InlineData("{\"model\":\"m\",\"messages\":\"x\"}", "invalid_type", "messages")]
    [InlineData("{\"model\":\"m\",\"messages\":null}", "invalid_type", "messages")]
    [InlineData("{\"model\":\"m\",\"messages\":[\"x\"]}", "invalid_type", "messages")]
    [InlineData("{\"model\":\"m\",\"messages\":[ ]}", "empty_array", "messages")]
    [InlineData("{\"model\":\"m\"," + Messages + ",\"stream\":\"yes\"}", "invalid_type", "stream")]
    [InlineData("{\"model\":\"m\"," + Messages + ",\"stream_options\":[]}", "invalid_type", "stream_options")]
    [InlineData("{\"model\":\"m\"," + Messages + ",\"stream_options\":{\"include_usage\":1}}", "invalid_type", "stream_options.include_usage")]
    [InlineData("{\"model\":\"m\",\"model\":\"n\"," + Messages + "}", "duplicate_member", "model")]
    [InlineData("{\"model\":\"m\",\"mod\\u0065l\":\"n\"," + Messages + "}", "duplicate_member", "model")]
    [InlineData("{\"model\":\"m\"," + Messages + "," + Messages + "}", "duplicate_member", "messages")]
    [InlineData("{\"model\":\"m\"," + Messages + ",\"stream\":true,\"stream\":false}", "duplicate_member", "stream")]
    [InlineData("{\"model\":\"m\"," + Messages + ",\"stream_options\":{},\"stream_options\":null}", "duplicate_member", "stream_options")]
    [InlineData("{\"model\":\"m\"," + Messages + ",\"stream_options\":{\"include_usage\":true,\"include_usage\":true}}", "duplicate_member", "stream_options.include_usage")]
    public void A_bad_body_is_refused_with_its_reason(string body, string code, string? param)
    {
        var (request, error) = ChatRequestReader.Read(Encoding.UTF8.GetBytes(body));

        request.ShouldBeNull();
        error!.Status.ShouldBe(400);
        (error.Type, error.Code, error.Param, error.Reason).ShouldBe(("invalid_request_error", code, param, "caller"));
    }

    [Fact]
    public void A_body_nested_too_deep_is_refused()
    {
        var body = $"{{\"model\":\"m\",{Messages},\"x\":{new string('[', 200)}{new string(']', 200)}}}";

        ChatRequestReader.Read(Encoding.UTF8.GetBytes(body)).Error!.Code.ShouldBe("invalid_json");
    }

    [Fact]
    public void A_text_that_is_not_utf8_is_refused() =>
        ChatRequestReader.Read([.. "{\"model\":\""u8, 0xff, .. "\",\"messages\":[{}]}"u8]).Error!.Code.ShouldBe("invalid_json");

    [Theory]
    [InlineData("{\"model\":\"a/b\"," + Messages + "}", false, "{\"model\":\"up\"," + Messages + "}")]
    [InlineData("{ " + Messages + " , \"model\" : \"a\\u002fb\" }", false, "{ " + Messages + " , \"model\" : \"up\" }")]
    [InlineData(
        "{\"model\":\"a/b\",\"stream\":true," + Messages + " }", false,
        "{\"model\":\"up\",\"stream\":true," + Messages + " ,\"stream_options\":{\"include_usage\":true}}")]
    [InlineData(
        "{\"stream_options\": {\"x\" : [1] ,\"include_usage\":false},\"model\":\"a/b\",\"stream\":true," + Messages + "}", true,
        "{\"stream_options\": {\"include_usage\":true,\"continuous_usage_stats\":true,\"x\" : [1]},\"model\":\"up\",\"stream\":true," + Messages + "}")]
    [InlineData(
        "{\"model\":\"a/b\",\"stream\":true,\"stream_options\":null," + Messages + "}", true,
        "{\"model\":\"up\",\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}," + Messages + "}")]
    [InlineData(
        "{\"model\":\"a/b\",\"stream\":true,\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":true}," + Messages + "}", false,
        "{\"model\":\"up\",\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}," + Messages + "}")]
    [InlineData(
        "{\"model\":\"a/b\",\"stream\":false,\"stream_options\":null," + Messages + "}", true,
        "{\"model\":\"up\",\"stream\":false,\"stream_options\":null," + Messages + "}")]
    public void Only_the_model_and_the_stream_options_are_spliced(string body, bool continuous, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var (request, error) = ChatRequestReader.Read(bytes);
        error.ShouldBeNull();
        request!.Model.ShouldBe("a/b");

        var composed = request.BodyFor(bytes, "up", EngineProfiles.Find(continuous ? "vllm" : "openai")!);

        composed.Length.ShouldBe(Encoding.UTF8.GetByteCount(expected));
        foreach (var step in (int[])[1, 7, 4096])
            Read(composed, step).ShouldBe(expected);
    }

    private static string Read(RequestBody body, int step)
    {
        using var stream = body.OpenRead();
        using var all = new MemoryStream();
        var buffer = new byte[step];
        while (stream.Read(buffer, 0, step) is var read and > 0)
            all.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(all.ToArray());
    }
}
