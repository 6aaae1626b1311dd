using System.Buffers.Binary;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Configuration;

/// <summary>
/// When Control was last heard. It is kept on disk every few seconds, so that a restart makes an old configuration no
/// younger; an agent that never heard of Control has been without for ages.
/// </summary>
internal sealed class ControlContact(DataDirectory directory, TimeProvider time, ILogger<ControlContact> logger)
{
    private const string FileName = "control-heard";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Ages = TimeSpan.FromDays(36_500);

    private long _heardAt = time.GetTimestamp() - (long)(SilenceBeforeStart(directory, time).TotalSeconds * time.TimestampFrequency);
    private long? _keptAt;

    /// <summary>How long there has been no news.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>A change, a head or an answer came. For one thread.</summary>
    public void Heard()
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _heardAt, now);
        if (_keptAt is { } kept && time.GetElapsedTime(kept, now) < Period)
            return;
        _keptAt = now;
        var ticks = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(ticks, time.GetUtcNow().UtcTicks);
        try
        {
            directory.Write(FileName, ticks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.ContactNotKept(logger, e);
        }
    }

    private static TimeSpan SilenceBeforeStart(DataDirectory directory, TimeProvider time)
    {
        if (directory.Read(FileName) is not { Length: sizeof(long) } ticks)
            return Ages;
        var silence = TimeSpan.FromTicks(time.GetUtcNow().UtcTicks) - TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(ticks) & long.MaxValue);
        return silence < TimeSpan.Zero || silence > Ages ? Ages : silence;
    }
}
