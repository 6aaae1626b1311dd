namespace Platform.Control.Exports;

/// <summary>
/// A body whose reader has to keep up: a write waits for the reader, at most <see cref="ExportSettings.StallSeconds"/>, and
/// all waits together are no longer than what was written would take at <see cref="ExportSettings.MinBytesPerSecond"/>,
/// and the stall besides. Once that is over, every write throws.
/// </summary>
/// <exception cref="SlowReaderException">The reader is too slow.</exception>
internal sealed class PacedStream(Stream inner, ExportSettings settings, TimeProvider time) : Stream
{
    private readonly TimeSpan _stall = TimeSpan.FromSeconds(settings.StallSeconds);
    private TimeSpan _waited;
    private long _written;

    /// <summary>Whether the reader was too slow.</summary>
    public bool IsCut { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfCut();
        await PacedAsync(inner.WriteAsync(buffer, cancellationToken), cancellationToken);
        _written += buffer.Length;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        ThrowIfCut();
        await PacedAsync(new(inner.FlushAsync(cancellationToken)), cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask PacedAsync(ValueTask write, CancellationToken ct)
    {
        if (write.IsCompleted)
        {
            await write;
            return;
        }
        var start = time.GetTimestamp();
        try
        {
            await write.AsTask().WaitAsync(Allowed(), time, ct);
        }
        catch (TimeoutException)
        {
            IsCut = true;
            throw new SlowReaderException();
        }
        _waited += time.GetElapsedTime(start);
    }

    private TimeSpan Allowed()
    {
        var earned = _stall + TimeSpan.FromSeconds((double)_written / settings.MinBytesPerSecond) - _waited;
        return earned <= TimeSpan.Zero ? TimeSpan.Zero : earned < _stall ? earned : _stall;
    }

    private void ThrowIfCut()
    {
        if (IsCut)
            throw new SlowReaderException();
    }
}

internal sealed class SlowReaderException() : IOException("The reader is too slow.");
