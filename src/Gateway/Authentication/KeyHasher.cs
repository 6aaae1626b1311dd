using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Authentication;

/// <summary>
/// <see cref="ApiKeyFormat.Hash"/> with what belongs to a pepper made once: to make it for each key takes several times as long as
/// the hash does. Each thread has its own, since none may be used by two.
/// </summary>
internal static class KeyHasher
{
    public const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>More than there are while one is being replaced.</summary>
    private const int MaxPeppers = 4;

    [ThreadStatic]
    private static List<Prepared>? _prepared;

    /// <param name="key">Of <see cref="ApiKeyFormat.Length"/> characters, ASCII.</param>
    /// <param name="hash">Gets <see cref="Size"/> bytes.</param>
    public static void Hash(string key, byte[] pepper, Span<byte> hash)
    {
        Span<byte> text = stackalloc byte[ApiKeyFormat.Length];
        Encoding.ASCII.GetBytes(key, text);
        var hmac = For(pepper);
        hmac.AppendData(text);
        hmac.GetHashAndReset(hash);
    }

    private static IncrementalHash For(byte[] pepper)
    {
        var all = _prepared ??= [];
        foreach (var known in all)
        {
            if (ReferenceEquals(known.Pepper, pepper))
                return known.Hmac;
        }
        if (all.Count == MaxPeppers)
        {
            all[0].Hmac.Dispose();
            all.RemoveAt(0);
        }
        var fresh = new Prepared(pepper, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, pepper));
        all.Add(fresh);
        return fresh.Hmac;
    }

    private readonly record struct Prepared(byte[] Pepper, IncrementalHash Hmac);
}
