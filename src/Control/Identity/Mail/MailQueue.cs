using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Platform.Control.Identity.Mail;

/// <summary>
/// Mails on their way, in memory and bounded for each purpose, so that none takes another's place: what waits for another
/// try counts too. Beyond the bound a request is dropped, counted and logged, and whoever asked hears nothing of it.
/// </summary>
internal sealed class MailQueue(MailMeter meter, ILogger<MailQueue> logger)
{
    /// <summary>For each kind of <see cref="MailRequest"/>.</summary>
    public const int Bound = 500;

    private readonly Channel<QueuedMail> _channel = Channel.CreateUnbounded<QueuedMail>();
    private readonly ConcurrentDictionary<Type, int> _pending = [];

    public int Pending => _pending.Values.Sum();

    public ChannelReader<QueuedMail> Reader => _channel.Reader;

    public void Add(MailRequest request)
    {
        if (_pending.AddOrUpdate(request.GetType(), 1, (_, waiting) => waiting + 1) > Bound)
        {
            Done(request);
            meter.Lost("queue-full");
            logger.QueueFull(Bound);
            return;
        }
        _channel.Writer.TryWrite(new(request, Message: null, Tries: 0));
    }

    /// <summary>Back in the queue, for another try; it has its place already.</summary>
    public void Again(QueuedMail mail) => _channel.Writer.TryWrite(mail);

    public void Done(MailRequest request) => _pending.AddOrUpdate(request.GetType(), 0, (_, waiting) => waiting - 1);
}

/// <param name="Message">Null until it is composed: a link in it must not be made anew by another try.</param>
internal sealed record QueuedMail(MailRequest Request, MimeKit.MimeMessage? Message, int Tries);
