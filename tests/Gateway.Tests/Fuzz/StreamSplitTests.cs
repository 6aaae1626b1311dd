using System.Text;
using Platform.Gateway.Answers;
using Platform.TestKit.Streams;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>However the bytes of a stream are cut, its caller gets the same, and the same is counted.</summary>
[Collection(nameof(StreamSamples))]
public sealed class StreamSplitTests
{
    private const int Seed = 20261124;

    public static TheoryData<string> Names => [.. StreamSamples.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_pieces_are_the_same_stream(string name)
    {
        var sample = StreamSamples.All.Single(s => s.Name == name);
        foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
        {
            var bytes = SseText.Join(sample.Events, lineEnd);
            var whole = StreamRun.Of(sample.Policy, [bytes]);
            whole.Output.ShouldNotBeEmpty();
            var splits = Splits.Some(bytes.Length, 300, Seed).Append(Splits.EveryByte(bytes.Length)).Concat(lineEnd == "\n" ? Splits.AllInTwo(bytes.Length) : []);
            foreach (var split in splits)
            {
                var run = StreamRun.Of(sample.Policy, Splits.Cut(bytes, split));
                if (!run.Output.AsSpan().SequenceEqual(whole.Output) || run.Facts != whole.Facts)
                    Differs(whole, run, split);
            }
        }
    }

    /// <summary>A new way of passing streams on needs a sample here.</summary>
    [Fact]
    public void Every_way_of_passing_a_stream_on_has_a_sample()
    {
        var ways = typeof(EventPolicy).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(EventPolicy)) && !t.IsAbstract).Select(t => t.Name).ToList();

        StreamSamples.All.Select(s => s.Policy(new()).GetType().Name).Distinct().ShouldBe(ways, ignoreOrder: true);
    }

    private static void Differs(StreamRun whole, StreamRun run, int[] split)
    {
        var how = $"split at {string.Join(',', split.Take(20))}";
        run.Facts.ShouldBe(whole.Facts, how);
        Encoding.UTF8.GetString(run.Output).ShouldBe(Encoding.UTF8.GetString(whole.Output), how);
    }
}
