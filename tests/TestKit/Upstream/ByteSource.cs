namespace Platform.TestKit.Upstream;

/// <summary>
/// A connection's incoming bytes. One read is open at a time, also while nobody wants bytes: it is how a caller's leaving
/// is seen while a script plays, and what it brings is the beginning of the next request.
/// </summary>
internal sealed class ByteSource(Stream stream)
{
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;
    private bool _ended;
    private Task<bool>? _open;

    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start.._end);

    public void Advance(int bytes) => _start += bytes;

    /// <summary>Waits for more bytes without taking them from a later <see cref="MoreAsync"/>; false: the caller has left.</summary>
    public Task<bool> WatchAsync() => _ended ? Task.FromResult(false) : _open ??= ReadAsync();

    /// <summary>Waits until there may be more bytes in <see cref="Buffered"/>; false: there will be none.</summary>
    public async Task<bool> MoreAsync(CancellationToken cancel)
    {
        var came = await WatchAsync().WaitAsync(cancel);
        _open = null;
        return came;
    }

    private async Task<bool> ReadAsync()
    {
        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        try
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end));
            _end += read;
            _ended = read == 0;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            _ended = true;
        }
        return !_ended;
    }
}
