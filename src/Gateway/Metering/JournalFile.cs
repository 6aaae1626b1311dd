using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Metering;

/// <summary>Opens the journal's file, once.</summary>
internal sealed class JournalFile(DataDirectory directory, JournalSettings settings)
{
    public JournalDatabase Open() => new(directory, settings.Durability);
}
