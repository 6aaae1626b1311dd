using System.Diagnostics.Metrics;

namespace Platform.Control.Identity.Mail;

internal sealed class MailMeter
{
    public const string Name = "Platform.Control.Identity.Mail";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _lost;

    public MailMeter(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _sent = meter.CreateCounter<long>("platform.mail.sent", "{mail}");
        _failed = meter.CreateCounter<long>("platform.mail.tries.failed", "{try}");
        _lost = meter.CreateCounter<long>("platform.mail.lost", "{mail}");
    }

    public void Sent() => _sent.Add(1);

    public void TryFailed() => _failed.Add(1);

    public void Lost(string reason, int mails = 1) => _lost.Add(mails, new KeyValuePair<string, object?>("reason", reason));
}
