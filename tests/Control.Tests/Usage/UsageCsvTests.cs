using System.Text;
using Platform.Contracts.Ids;
using Platform.Contracts.Usage;
using Platform.Control.Usage;

namespace Platform.Control.Tests.Usage;

public sealed class UsageCsvTests
{
    private static readonly UsageRecord Record = Records.Some(
        AgentId.New(), BootId.New(), 7, TenantId.New(), new(2026, 7, 1, 14, 30, 5, 250, TimeSpan.FromHours(2)));

    [Fact]
    public async Task A_record_is_a_row_under_its_columns()
    {
        var rows = await WriteAsync(Record);

        rows.Length.ShouldBe(2);
        var cells = rows[0].Split(',').Zip(rows[1].Split(',')).ToDictionary();
        cells["id"].ShouldBe(Record.Id.ToString());
        cells["started_at"].ShouldBe("2026-07-01T12:30:05.250000Z");
        cells["input_tokens"].ShouldBe("120");
        cells["first_token_ms"].ShouldBe("12.5");
        cells["streamed"].ShouldBe("false");
        cells["error_code"].ShouldBe("");
        cells["corrects"].ShouldBe("");
        cells["sequence"].ShouldBe("7");
        (cells["images"], cells["audio_seconds"], cells["characters"], cells["output_audio_tokens"]).ShouldBe(("0", "0", "0", "0"));
        (cells["cached"], cells["attempts"]).ShouldBe(("false", ""));
    }

    [Fact]
    public async Task Units_and_tries_have_columns_of_their_own_behind_the_others()
    {
        var attempt = new UsageAttempt(PoolId.New(), EndpointId.New(), "upstream_unreachable", 1.5);

        var text = await TextAsync(Record with
        {
            AudioTokens = 9,
            OutputAudioTokens = 4,
            Images = 2,
            AudioSeconds = 12.25,
            Characters = 500,
            Cached = true,
            Attempts = [attempt],
        });

        text.ShouldContain(",corrects,output_audio_tokens,images,audio_seconds,characters,cached,attempts\r\n");
        text.ShouldContain($",4,2,12.25,500,true,\"[{{\"\"poolId\"\":\"\"{attempt.PoolId}\"\"");
    }

    [Fact]
    public async Task Without_records_there_is_a_header() => (await WriteAsync()).Length.ShouldBe(1);

    [Fact]
    public async Task Separators_quotes_and_line_ends_stay_in_their_cell()
    {
        var text = await TextAsync(Record with { ModelAsked = "a,b\"c\r\nd" });

        text.ShouldContain(",\"a,b\"\"c\r\nd\",");
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    public async Task A_formula_becomes_text(string formula)
    {
        var text = await TextAsync(Record with { FinishReason = formula });

        text.ShouldContain($",\"'{formula}\",");
    }

    private static async Task<string[]> WriteAsync(params UsageRecord[] records) =>
        (await TextAsync(records)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> TextAsync(params UsageRecord[] records)
    {
        using var output = new MemoryStream();
        var count = await UsageCsv.WriteAsync(output, records.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
        count.ShouldBe(records.Length);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
