using System.Text;
using System.Text.Json;
using Platform.Gateway.Translation;
using Platform.TestKit.Streams;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>Whatever an engine streams, nothing is thrown, nothing hangs, and a caller gets no event that is more broken than the engine's.</summary>
[Collection(nameof(StreamSamples))]
public sealed class StreamFuzzTests
{
    private const int MaxEventBytes = 16 * 1024;

    public static TheoryData<string> Names => [.. StreamSamples.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_spoilt_stream_is_a_stream(string name)
    {
        var sample = StreamSamples.All.Single(s => s.Name == name);
        var source = SseText.Join(sample.Events);
        var seed = 1000 + StreamSamples.All.ToList().IndexOf(sample);
        var mutator = new Mutator(seed);
        for (var round = Mutator.Rounds(400); round > 0; round--)
        {
            var bytes = mutator.Mutated(source);
            var split = mutator.Split(bytes.Length);
            Fuzzing.Try(name, seed, bytes, () => Check(sample, bytes, split));
        }
        StreamSamples.Budget.Used.ShouldBe(0);
    }

    private static void Check(StreamSample sample, byte[] bytes, int[] split)
    {
        var run = StreamRun.Of(sample.Policy, Splits.Cut(bytes, split), MaxEventBytes);
        var output = SseText.Parse(run.Output);
        output.Rest.ShouldBeEmpty();
        if (sample.Policy(new()) is TranslatedEvents)
            output.Data.Where(d => !IsObject(d)).ShouldBeEmpty();
        else
            Broken(output).Except(Broken(SseText.Parse(bytes))).ShouldBeEmpty();
    }

    private static IEnumerable<string> Broken(SseText stream) => stream.Data.Where(d => !IsObject(d));

    private static bool IsObject(string data)
    {
        if (data == "[DONE]")
            return true;
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(data), new() { MaxDepth = 1024 });
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
