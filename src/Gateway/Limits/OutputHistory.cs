using Platform.Contracts.Ids;

namespace Platform.Gateway.Limits;

/// <summary>
/// How many tokens a key's requests to a model usually produce: a moving mean. A table of fixed size in which a newcomer
/// takes another's place where both fall on the same one: then the other's is not known any more. For any number of threads.
/// </summary>
internal sealed class OutputHistory
{
    private const int Places = 1 << 14;

    /// <summary>Of the last answer in the mean.</summary>
    private const float Weight = 1f / 8;

    /// <summary>Whatever an engine says, an answer counts no more in the mean.</summary>
    private const long MaxTokens = 1_000_000;

    /// <summary>Who it is of in the upper half, the mean in the lower: both are read and written at once.</summary>
    private readonly long[] _places = new long[Places];

    /// <summary>Null where nothing is known.</summary>
    public long? Usual(ApiKeyId key, ModelId model, string operation)
    {
        var (place, owner) = PlaceOf(key, model, operation);
        return MeanOf(Volatile.Read(ref _places[place]), owner) is { } mean ? (long)MathF.Ceiling(mean) : null;
    }

    public void Learn(ApiKeyId key, ModelId model, string operation, long tokens)
    {
        var (place, owner) = PlaceOf(key, model, operation);
        var said = (float)Math.Min(tokens, MaxTokens);
        var mean = MeanOf(Volatile.Read(ref _places[place]), owner) is { } before ? before + ((said - before) * Weight) : said;
        Volatile.Write(ref _places[place], ((long)owner << 32) | BitConverter.SingleToUInt32Bits(mean));
    }

    private static float? MeanOf(long value, uint owner) => (uint)(value >> 32) == owner ? BitConverter.UInt32BitsToSingle((uint)value) : null;

    /// <summary>The owner is never 0, which is nobody.</summary>
    private static (int Place, uint Owner) PlaceOf(ApiKeyId key, ModelId model, string operation) =>
        (HashCode.Combine(key, model, operation) & (Places - 1), (uint)HashCode.Combine(operation, model, key) | 1);
}
