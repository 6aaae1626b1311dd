using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>How full the journal is. Written by the writer, read by every request.</summary>
internal sealed class JournalSpace(JournalSettings settings, DataDirectory directory)
{
    private long _unconfirmed;
    private long _confirmed;
    private volatile bool _diskShort;
    private volatile bool _failing;

    public long UnconfirmedBytes => Volatile.Read(ref _unconfirmed);

    /// <summary>True when a new request must not begin: there may be no room for its record.</summary>
    public bool IsFull => _failing || _diskShort || UnconfirmedBytes >= settings.MaxBytes;

    /// <summary>True while commits fail.</summary>
    public bool IsFailing
    {
        get => _failing;
        set => _failing = value;
    }

    /// <summary>Confirmed records have half the bound, less where the unconfirmed ones need it.</summary>
    public bool HasTooManyConfirmed => Volatile.Read(ref _confirmed) > Math.Min(settings.MaxBytes / 2, settings.MaxBytes - UnconfirmedBytes);

    public void Set(long unconfirmed, long confirmed)
    {
        Volatile.Write(ref _unconfirmed, unconfirmed);
        Volatile.Write(ref _confirmed, confirmed);
    }

    public void Add(long unconfirmed, long confirmed)
    {
        Interlocked.Add(ref _unconfirmed, unconfirmed);
        Interlocked.Add(ref _confirmed, confirmed);
    }

    public void LookAtDisk() => _diskShort = directory.AvailableBytes() < settings.MinFreeMegabytes * 1024L * 1024L;
}
