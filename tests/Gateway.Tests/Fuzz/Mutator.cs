using System.Text;

namespace Platform.Gateway.Tests.Fuzz;

/// <summary>Spoils bytes, the same ones for the same seed. With <c>CI=true</c> it goes on for longer.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Fragments = [.. new[]
    {
        "null", "true", "-1e999", "1e400", "99999999999999999999", "-1", "0.5", "\"\"", "[]", "{}", "[[[[[]]]]]", "\"\\ud800\"", "\"\\u0000\"", "\"\\udc00\\ud83d\"", "\\", "\"", "{", "}", "[", "]", ",", ":",
        "\n", "\r", "\r\n", "\n\n", "\r\r", "data:", "data: ", "data: {}\n\n", "data: [DONE]\n\n", "event: error\n", ": comment\n", "id: 1\n", "\ufeff", "\0", "é", "😀",
        "\"model\":\"x\",", "\"stream\":true,", "\"usage\":{},", "\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1e30},", "\"error\":{},", "\"type\":5,", "\"choices\":[],", "\"index\":-1,", "\"content\":[{}],",
        "--a-boundary", "--a-boundary--", "\r\n\r\n", "name=\"model\"", "Content-Disposition: form-data; name=\"model\"\r\n\r\n",
    }.Select(Encoding.UTF8.GetBytes), [0xff], [0xc3], [0xf0, 0x9f], [0xed, 0xa0, 0x80]];

    private readonly Random _random = new(seed);

    public static int Rounds(int usual) => Environment.GetEnvironmentVariable("CI") == "true" ? usual * 20 : usual;

    public byte[] Mutated(byte[] source)
    {
        var bytes = source.ToList();
        for (var i = _random.Next(1, 6); i > 0; i--)
            Mutate(bytes);
        return [.. bytes];
    }

    /// <summary>Offsets for up to so many pieces.</summary>
    public int[] Split(int length)
    {
        var offsets = new SortedSet<int>();
        for (var i = _random.Next(6); i > 0 && length > 1; i--)
            offsets.Add(_random.Next(1, length));
        return [.. offsets];
    }

    private void Mutate(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var count = Math.Min(_random.Next(1, _random.Next(4) == 0 ? 200 : 8), bytes.Count - at);
        switch (_random.Next(6))
        {
            case 0 when count > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, count);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(at, count));
                break;
            case 3 when bytes.Count > 0 && _random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                InsteadOfValue(bytes, at);
                break;
            default:
                bytes.InsertRange(at, Fragments[_random.Next(Fragments.Length)]);
                break;
        }
    }

    /// <summary>The value behind the next colon gives way.</summary>
    private void InsteadOfValue(List<byte> bytes, int at)
    {
        var start = bytes.IndexOf((byte)':', at) + 1;
        if (start == 0)
            return;
        var end = start;
        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)'}' or (byte)']'))
            end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Fragments[_random.Next(Fragments.Length)]);
    }
}

/// <summary>Tells which bytes did it.</summary>
internal static class Fuzzing
{
    /// <summary>Runs what may do nothing surprising with these bytes, and may not take much memory for them.</summary>
    public static void Try(string name, int seed, byte[] bytes, Action run)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            run();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{name}, seed {seed}, bytes {Convert.ToBase64String(bytes)}\n{Encoding.UTF8.GetString(bytes)}\n{e.Message}", e);
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBeLessThan(512 * 1024 + (200L * bytes.Length), $"{name}, seed {seed}, bytes {Convert.ToBase64String(bytes)}");
    }
}
