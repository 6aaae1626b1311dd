namespace Platform.Bench.Gateway.Traffic;

/// <summary>Finds the upstream's stamps in events: 19 digits of the machine's monotonic clock as their <c>content</c>.</summary>
internal sealed class StampScan
{
    public const int Digits = 19;

    private int _mark;
    private int _done;
    private int _digits = -1;
    private long _stamp;

    public List<long> Latencies { get; } = [];

    /// <summary>The stream came to its last event.</summary>
    public bool SawDone { get; private set; }

    private static ReadOnlySpan<byte> Mark => "\"content\":\""u8;

    private static ReadOnlySpan<byte> Done => "[DONE]"u8;

    public void Begin() => (_mark, _done, _digits, SawDone) = (0, 0, -1, false);

    public void Feed(ReadOnlySpan<byte> bytes, long now)
    {
        foreach (var b in bytes)
        {
            if (_digits >= 0)
                Digit(b, now);
            else if (b == Mark[_mark])
                _mark++;
            else
                _mark = b == Mark[0] ? 1 : 0;
            if (_mark == Mark.Length)
                (_mark, _digits, _stamp) = (0, 0, 0);
            _done = b == Done[_done] ? _done + 1 : 0;
            if (_done == Done.Length)
                (_done, SawDone) = (0, true);
        }
    }

    private void Digit(byte b, long now)
    {
        if (!char.IsAsciiDigit((char)b))
        {
            _digits = -1;
            return;
        }
        _stamp = (_stamp * 10) + (b - '0');
        if (++_digits < Digits)
            return;
        _digits = -1;
        Latencies.Add(now - _stamp);
    }
}
