using System.Text;
using Platform.Contracts.Ids;
using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Idempotency;

/// <summary>How agents of one version say to each other what they know of a key. What cannot be read says nothing.</summary>
internal static class KeyWire
{
    private const int MaxHeaders = 100;

    public static byte[] Question(Digest scope, Digest body) => [.. scope.ToArray(), .. body.ToArray()];

    public static (Digest Scope, Digest Body)? ReadQuestion(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 2 * Digest.Length ? (Digest.From(bytes), Digest.From(bytes[Digest.Length..])) : null;

    /// <summary>The state and the time, without the answer.</summary>
    public static byte[] Finding(KeyFinding finding) => [(byte)finding.State, .. BitConverter.GetBytes((int)Math.Min(finding.Left.TotalMilliseconds, int.MaxValue))];

    public static KeyFinding? ReadFinding(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 1 + sizeof(int) && bytes[0] <= (byte)KeyState.OtherBody
            ? new((KeyState)bytes[0], Left: TimeSpan.FromMilliseconds(BitConverter.ToInt32(bytes[1..])))
            : null;

    public static byte[] Answer(KeptAnswer answer)
    {
        using var stream = new MemoryStream(answer.Size);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(answer.Original.Value.ToByteArray());
            writer.Write(answer.Status);
            writer.Write(answer.Headers.Count);
            foreach (var (name, value) in answer.Headers)
            {
                writer.Write(name);
                writer.Write(value);
            }
            writer.Write(answer.Body.Length);
            writer.Write(answer.Body);
        }
        return stream.ToArray();
    }

    public static KeptAnswer? ReadAnswer(byte[] bytes, int maxBytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
            var original = new RequestId(new(reader.ReadBytes(16)));
            var status = reader.ReadInt32();
            var headers = new KeyValuePair<string, string>[Bounded(reader.ReadInt32(), MaxHeaders)];
            for (var i = 0; i < headers.Length; i++)
                headers[i] = new(reader.ReadString(), reader.ReadString());
            var length = Bounded(reader.ReadInt32(), maxBytes);
            var body = reader.ReadBytes(length);
            return body.Length == length && status is >= 200 and < 500 ? new(original, status, headers, body) : null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static int Bounded(int number, int most) => number >= 0 && number <= most ? number : throw new IOException("The number is out of its range.");
}
