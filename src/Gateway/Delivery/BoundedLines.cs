using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Platform.Gateway.Delivery;

/// <summary>Lines of a stream, without their line feeds, each of a bounded length.</summary>
internal static class BoundedLines
{
    /// <param name="progress">Called before each read, to begin its deadline.</param>
    /// <exception cref="InvalidDataException">A line is longer than the bound.</exception>
    public static async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAsync(
        Stream stream, int maxBytes, Action progress, [EnumeratorCancellation] CancellationToken token)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        try
        {
            while (true)
            {
                progress();
                var result = await reader.ReadAsync(token);
                var rest = result.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    yield return rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }
                if (rest.Length > maxBytes)
                    throw new InvalidDataException("A line is too long.");
                if (result.IsCompleted)
                {
                    if (!rest.IsEmpty)
                        yield return rest;
                    yield break;
                }
                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }
}
