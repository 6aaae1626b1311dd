using Platform.Gateway.Tests.World;
using static Platform.Gateway.Tests.Media.MediaWorld;

namespace Platform.Gateway.Tests.Media;

/// <summary>Tokens of sound, in each dialect that has them.</summary>
public sealed class AudioTokensTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Chat =
        "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":9,\"total_tokens\":19,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":4},\"completion_tokens_details\":{\"audio_tokens\":7}}";

    private const string Responses =
        "\"usage\":{\"input_tokens\":10,\"output_tokens\":9,\"total_tokens\":19,\"input_tokens_details\":{\"audio_tokens\":4},\"output_tokens_details\":{\"audio_tokens\":7}}";

    [Theory]
    [InlineData("/v1/chat/completions", "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]," + Chat + "}", false)]
    [InlineData("/v1/chat/completions", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[]," + Chat + "}\n\ndata: [DONE]\n\n", true)]
    [InlineData("/v1/responses", "{\"id\":\"r\",\"status\":\"completed\",\"output\":[]," + Responses + "}", false)]
    [InlineData("/v1/responses", "data: {\"type\":\"response.completed\",\"sequence_number\":1,\"response\":{\"status\":\"completed\"," + Responses + "}}\n\n", true)]
    public async Task Those_that_were_heard_and_those_that_were_spoken_are_counted_apart(string path, string answer, bool streamed)
    {
        await using var upstream = streamed ? await UpstreamStub.EventsAsync(answer) : await UpstreamStub.JsonAsync(answer);
        var tenant = await fixture.TenantAsync("openai", upstream.Url);

        using var response = await tenant.AskAsync(
            path, Json($$"""{"model":"{{tenant.Model}}","input":"x","messages":[{"role":"user","content":"x"}],"stream":{{(streamed ? "true" : "false")}}}"""));
        await response.Content.BytesAsync();

        var record = await tenant.RecordAsync();
        (record.InputTokens, record.OutputTokens, record.AudioTokens, record.OutputAudioTokens).ShouldBe((10, 9, 11, 7));
    }
}
