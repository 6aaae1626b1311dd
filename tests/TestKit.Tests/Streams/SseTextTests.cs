using System.Text;
using CsCheck;
using Platform.TestKit.Streams;
using Platform.TestKit.Wire;

namespace Platform.TestKit.Tests.Streams;

public sealed class SseTextTests
{
    [Fact]
    public void Fields_comments_and_lines_are_read_by_the_rules()
    {
        var text = SseText.Parse("\uFEFF: hello\r\n\r\nevent: a\rdata:1\rdata: 2\r\rid: 7\ndata\n\nretry: 5\n\ndata: cut");

        text.Events.Select(e => (e.Name, e.Data, e.Id, string.Join('|', e.Comments))).ShouldBe(
            [(null, null, null, "hello"), ("a", "1\n2", null, ""), (null, "", "7", "")]);
        text.Rest.ShouldBe("data: cut");
    }

    [Fact]
    public void What_was_written_is_read_again_whatever_ends_the_lines()
    {
        foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
        {
            var events = AnthropicWire.MessageEvents(AnswerSample.Thinking).Prepend(SseEvent.Comment("ping")).ToList();

            var read = SseText.Parse(SseText.Join(events, lineEnd));

            read.Events.Select(e => (e.Name, e.Data)).ShouldBe(events.Select(e => (e.Name, e.Data)));
            read.Rest.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Splits_are_complete()
    {
        Splits.AllInTwo(5).ShouldBe([[1], [2], [3], [4]]);
        Splits.EveryByte(4).ShouldBe([1, 2, 3]);
        Splits.Every(2, 4).ShouldBe([2]);
        Splits.Every(3, 7).ShouldBe([3, 6]);
        Splits.AllInTwo(1).ShouldBeEmpty();
    }

    [Fact]
    public void The_same_seed_gives_the_same_splits_of_three_to_eight()
    {
        var some = Splits.Some(100, 50, seed: 3).ToList();

        some.ShouldBe(Splits.Some(100, 50, seed: 3));
        some.ShouldAllBe(s => s.Length >= 2 && s.Length <= 7);
        some.ShouldNotBe(Splits.Some(100, 50, seed: 4));
    }

    [Fact]
    public void Any_split_joins_to_what_was_cut() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Int[0, int.MaxValue - 1]).Sample((bytes, seed) =>
        {
            foreach (var split in Splits.Some(bytes.Length, 5, seed))
                Splits.Join(Splits.Cut(bytes, split)).ShouldBe(bytes);
        }, iter: 500);

    [Fact]
    public void A_piece_without_bytes_is_refused() =>
        Should.Throw<ArgumentException>(() => Splits.Cut(Encoding.UTF8.GetBytes("abc"), [1, 1]));
}
