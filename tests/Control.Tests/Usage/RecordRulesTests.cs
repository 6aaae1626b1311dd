using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class RecordRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AgentId Agent = AgentId.New();
    private static readonly UsageRecord Good = Records.Some(Agent, BootId.New(), 1, TenantId.New(), Now);

    [Fact]
    public void A_plausible_record_has_no_fault() => RecordRules.Fault(Good, Agent, Now).ShouldBeNull();

    [Fact]
    public void A_record_of_another_agent_is_refused() =>
        RecordRules.Fault(Good, AgentId.New(), Now).ShouldBe("agent_is_not_sender");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void An_impossible_sequence_is_refused(long sequence) =>
        RecordRules.Fault(Good with { Sequence = sequence }, Agent, Now).ShouldBe("sequence_out_of_range");

    [Theory]
    [InlineData(-367 * 24)]
    [InlineData(25)]
    public void A_start_far_away_is_refused(int hours) =>
        RecordRules.Fault(Good with { StartedAt = Now.AddHours(hours) }, Agent, Now).ShouldBe("time_out_of_range");

    [Fact]
    public void Impossible_counts_are_refused()
    {
        RecordRules.Fault(Good with { InputTokens = -1 }, Agent, Now).ShouldBe("tokens_out_of_range");
        RecordRules.Fault(Good with { OutputTokens = long.MaxValue }, Agent, Now).ShouldBe("tokens_out_of_range");
        RecordRules.Fault(Good with { CachedInputTokens = 121 }, Agent, Now).ShouldBe("tokens_part_exceeds_whole");
        RecordRules.Fault(Good with { Status = 7 }, Agent, Now).ShouldBe("status_out_of_range");
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 0, -0.5)]
    [InlineData(long.MaxValue, 0, 0)]
    [InlineData(0, long.MaxValue, 0)]
    [InlineData(0, 0, double.NaN)]
    [InlineData(0, 0, double.PositiveInfinity)]
    [InlineData(0, 0, 1e8)]
    public void Impossible_units_are_refused(long images, long characters, double seconds) =>
        RecordRules.Fault(Good with { Images = images, Characters = characters, AudioSeconds = seconds }, Agent, Now).ShouldBe("units_out_of_range");

    [Fact]
    public void Audio_that_is_output_is_a_part_of_all_audio()
    {
        RecordRules.Fault(Good with { AudioTokens = 5, OutputAudioTokens = 5 }, Agent, Now).ShouldBeNull();
        RecordRules.Fault(Good with { AudioTokens = 5, OutputAudioTokens = 6 }, Agent, Now).ShouldBe("tokens_part_exceeds_whole");
        RecordRules.Fault(Good with { OutputAudioTokens = -1 }, Agent, Now).ShouldBe("tokens_out_of_range");
    }

    [Fact]
    public void Impossible_tries_are_refused()
    {
        var good = new UsageAttempt(PoolId.New(), EndpointId.New(), "upstream_unreachable", 1, 2, 3);
        RecordRules.Fault(Good with { Attempts = [.. Enumerable.Repeat(good, UsageRecord.MaxAttempts)] }, Agent, Now).ShouldBeNull();
        RecordRules.Fault(Good with { Attempts = [.. Enumerable.Repeat(good, UsageRecord.MaxAttempts + 1)] }, Agent, Now).ShouldBe("attempts_too_many");
        foreach (var bad in new[]
        {
            null!, good with { Ms = -1 }, good with { Ms = double.NaN }, good with { InputTokens = -1 }, good with { OutputTokens = long.MaxValue },
            good with { ErrorCode = "a\0b" }, good with { ErrorCode = new('x', 201) },
        })
        {
            RecordRules.Fault(Good with { Attempts = [good, bad] }, Agent, Now).ShouldBe("attempt_out_of_range");
        }
    }

    [Fact]
    public void Impossible_durations_are_refused()
    {
        RecordRules.Fault(Good with { TotalMs = double.NaN }, Agent, Now).ShouldBe("duration_out_of_range");
        RecordRules.Fault(Good with { FirstTokenMs = -1 }, Agent, Now).ShouldBe("duration_out_of_range");
        RecordRules.Fault(Good with { QueueMs = 1e12 }, Agent, Now).ShouldBe("duration_out_of_range");
    }

    [Fact]
    public void Text_that_a_database_cannot_hold_is_refused()
    {
        RecordRules.Fault(Good with { ModelAsked = "a\0b" }, Agent, Now).ShouldBe("text_not_storable");
        RecordRules.Fault(Good with { ErrorCode = new string('x', 201) }, Agent, Now).ShouldBe("text_not_storable");
        RecordRules.Fault(Good with { ModelServed = "" }, Agent, Now).ShouldBe("text_missing");
        RecordRules.Fault(Good with { UsageSource = "guessed" }, Agent, Now).ShouldBe("usage_source_unknown");
    }
}
