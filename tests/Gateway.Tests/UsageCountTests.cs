using System.Text;
using System.Text.Json;
using Platform.Contracts.Usage;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Tests;

public sealed class UsageCountTests
{
    [Theory]
    [InlineData(10, 9, 0, 0, 94)]
    [InlineData(10, 9, 11, 0, 0)]
    [InlineData(10, 9, 6, 6, 0)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue)]
    public void Whatever_an_engine_says_a_whole_holds_its_parts_and_nothing_is_beyond_the_bound(
        long input, long output, long cached, long written, long reasoning)
    {
        var count = new UsageCount(input, output, cached, written, reasoning, Audio: 0).Consistent();

        (count.CachedInput + count.CacheWrite).ShouldBeLessThanOrEqualTo(count.Input);
        count.Reasoning.ShouldBeLessThanOrEqualTo(count.Output);
        new[] { count.Input, count.Output, count.CachedInput, count.CacheWrite, count.Reasoning, count.Audio }
            .ShouldAllBe(c => c >= 0 && c <= UsageRecord.MaxTokens);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":90,"completion_tokens_details":{"reasoning_tokens":80}}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":90,"reasoning_tokens":80}""")] // SGLang
    [InlineData("""{"prompt_tokens":10,"completion_tokens":90,"reasoning_tokens":0,"completion_tokens_details":{"reasoning_tokens":80}}""")]
    [InlineData("""{"input_tokens":10,"output_tokens":90,"output_tokens_details":{"reasoning_tokens":80}}""")]
    public void Reasoning_is_found_wherever_an_engine_says_it(string usage)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(usage));
        reader.Read();

        UsageCount.Read(ref reader)!.Value.ShouldBe(new(10, 90, 0, 0, 80, 0));
    }

    [Fact]
    public void Anthropic_s_thinking_is_reasoning_and_what_was_known_of_it_stays()
    {
        var reader = new Utf8JsonReader("""{"output_tokens":90,"output_tokens_details":{"thinking_tokens":80}}"""u8);
        reader.Read();
        var first = UsageCount.ReadAnthropic(ref reader, new(10, 1, 0, 0, 0, 0));
        reader = new Utf8JsonReader("""{"output_tokens":95}"""u8);
        reader.Read();

        first.ShouldBe(new(10, 90, 0, 0, 80, 0));
        UsageCount.ReadAnthropic(ref reader, first).ShouldBe(new(10, 95, 0, 0, 80, 0));
    }

    [Fact]
    public void What_is_consistent_stays_as_it_is()
    {
        var count = new UsageCount(100, 50, 30, 20, 40, 5);

        count.Consistent().ShouldBe(count);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":9,"prompt_tokens_details":{"audio_tokens":4},"completion_tokens_details":{"audio_tokens":7}}""", 11, 7)]
    [InlineData("""{"completion_tokens_details":{"audio_tokens":7},"prompt_tokens":10,"completion_tokens":9,"prompt_tokens_details":{"audio_tokens":4}}""", 11, 7)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":9,"prompt_tokens_details":{"audio_tokens":4},"completion_tokens_details":{"audio_tokens":0}}""", 4, 0)]
    [InlineData("""{"input_tokens":10,"output_tokens":9,"input_token_details":{"text_tokens":6,"audio_tokens":4}}""", 4, 0)]
    [InlineData("""{"input_tokens":10,"output_tokens":9,"output_tokens_details":{"audio_tokens":9}}""", 9, 9)]
    public void Audio_of_the_input_and_of_the_output_are_told_apart(string usage, long audio, long output)
    {
        var count = Read(usage).ShouldNotBeNull();

        (count.Audio, count.OutputAudio, count.Input, count.Output).ShouldBe((audio, output, 10, 9));
        count.Consistent().ShouldBe(count);
    }

    [Fact]
    public void An_explicit_zero_is_a_count_and_nothing_is_none()
    {
        Read("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""").ShouldBe(default(UsageCount));
        Read("""{"prompt_tokens":null}""").ShouldBeNull();
        Read("{}").ShouldBeNull();
    }

    [Fact]
    public void Parts_of_audio_lie_within_their_wholes_and_sums_within_the_bound()
    {
        var count = new UsageCount(1, 1, 0, 0, 0, long.MaxValue) { OutputAudio = 5 }.Consistent();
        var sum = new UsageCount(long.MaxValue, long.MaxValue, 0, 0, 0, 0) + new UsageCount(long.MaxValue, 1, 0, 0, 0, 0);

        (count.Output, count.OutputAudio, count.Audio).ShouldBe((5, 5, 5 + (UsageRecord.MaxTokens / 2)));
        count.Input.ShouldBe(UsageRecord.MaxTokens / 2);
        (sum.Input, sum.Output).ShouldBe((UsageRecord.MaxTokens, UsageRecord.MaxTokens));
    }

    private static UsageCount? Read(string usage)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(usage));
        reader.Read();
        return UsageCount.Read(ref reader);
    }
}
