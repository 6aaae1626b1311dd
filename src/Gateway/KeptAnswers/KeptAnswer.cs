using Platform.Contracts.Ids;

namespace Platform.Gateway.KeptAnswers;

/// <summary>An answer as its caller got it, to be given once more.</summary>
/// <param name="Headers">Without those that belong to one request or connection.</param>
/// <param name="Original">The request that it was made for.</param>
internal sealed record KeptAnswer(RequestId Original, int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>What it takes beside its texts and bytes.</summary>
    private const int Overhead = 256;

    /// <summary>About what it takes in memory.</summary>
    public int Size { get; } = Overhead + Body.Length + Headers.Sum(h => 64 + (2 * (h.Key.Length + h.Value.Length)));
}
