using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Platform.GpuWorker.Engine;

/// <summary>
/// A sequence's tokens, kept as the chained hashes of its full blocks: two sequences share a block exactly when all
/// tokens up to its end are equal. The seed stands for everything else that keys a cache (model, salt).
/// </summary>
internal sealed class BlockChain(ulong seed)
{
    /// <summary>Tokens in one KV block.</summary>
    public const int BlockTokens = 16;

    private readonly List<ulong> _hashes = [];
    private readonly int[] _tail = new int[BlockTokens];
    private int _tailLength;

    public int Length => _hashes.Count * BlockTokens + _tailLength;

    public int FullBlocks => _hashes.Count;

    public ulong this[int block] => _hashes[block];

    /// <summary>A hash of all tokens, also those of the block that is not full.</summary>
    public ulong Fingerprint => Hash(_tail.AsSpan(0, _tailLength));

    public void Append(int token)
    {
        _tail[_tailLength++] = token;
        if (_tailLength < BlockTokens)
            return;
        _hashes.Add(Hash(_tail));
        _tailLength = 0;
    }

    /// <summary>Blocks that hold this many tokens.</summary>
    public static int BlocksFor(int tokens) => (tokens + BlockTokens - 1) / BlockTokens;

    private ulong Hash(ReadOnlySpan<int> tokens) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(tokens), unchecked((long)(_hashes.Count == 0 ? seed : _hashes[^1])));
}
