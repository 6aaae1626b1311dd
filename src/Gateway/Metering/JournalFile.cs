using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>Opens the journal's file; each thread that works on it opens its own.</summary>
internal sealed class JournalFile(DataDirectory directory, JournalSettings settings)
{
    public JournalDatabase Open() => new(directory, settings.Durability);
}
