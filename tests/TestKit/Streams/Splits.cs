namespace Platform.TestKit.Streams;

/// <summary>The ways to cut bytes into pieces; each split is the list of offsets at which a new piece begins.</summary>
public static class Splits
{
    /// <summary>Every split into two: <c>length - 1</c> of them.</summary>
    public static IEnumerable<int[]> AllInTwo(int length) => Enumerable.Range(1, Math.Max(0, length - 1)).Select(i => new[] { i });

    /// <summary>The one split into single bytes.</summary>
    public static int[] EveryByte(int length) => Every(1, length);

    public static int[] Every(int size, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        return [.. Enumerable.Range(1, Math.Max(0, (length - 1) / size)).Select(i => i * size)];
    }

    /// <summary>A number of splits into 3 to 8 pieces (fewer where there are fewer bytes); the same seed gives the same splits.</summary>
    public static IEnumerable<int[]> Some(int length, int count, int seed, int least = 3, int most = 8)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return One(random, length, Math.Min(random.Next(least, most + 1), length));
    }

    /// <summary>Cuts the bytes at the offsets; nothing is copied.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes, IReadOnlyList<int> offsets)
    {
        var pieces = new List<ReadOnlyMemory<byte>>(offsets.Count + 1);
        var start = 0;
        foreach (var offset in offsets)
        {
            if (offset <= start || offset >= bytes.Length)
                throw new ArgumentException($"Offset {offset} does not lie between {start} and {bytes.Length}.", nameof(offsets));
            pieces.Add(bytes[start..offset]);
            start = offset;
        }
        pieces.Add(bytes[start..]);
        return pieces;
    }

    public static byte[] Join(IEnumerable<ReadOnlyMemory<byte>> pieces) => [.. pieces.SelectMany(p => p.ToArray())];

    private static int[] One(Random random, int length, int pieces)
    {
        var offsets = new SortedSet<int>();
        while (offsets.Count < pieces - 1)
            offsets.Add(random.Next(1, length));
        return [.. offsets];
    }
}
