using System.Threading.Channels;

namespace Platform.Control.Identity.Mail;

/// <summary>
/// Mails on their way, in memory and bounded: what waits for another try counts too. Beyond the bound a request is dropped,
/// counted and logged, and whoever asked hears nothing of it.
/// </summary>
internal sealed class MailQueue(MailMeter meter, ILogger<MailQueue> logger)
{
    public const int Bound = 1000;

    private readonly Channel<QueuedMail> _channel = Channel.CreateUnbounded<QueuedMail>();
    private int _pending;

    public int Pending => Volatile.Read(ref _pending);

    public ChannelReader<QueuedMail> Reader => _channel.Reader;

    public void Add(MailRequest request)
    {
        if (Interlocked.Increment(ref _pending) > Bound)
        {
            Done();
            meter.Lost("queue-full");
            logger.QueueFull(Bound);
            return;
        }
        _channel.Writer.TryWrite(new(request, Message: null, Tries: 0));
    }

    /// <summary>Back in the queue, for another try; it has its place already.</summary>
    public void Again(QueuedMail mail) => _channel.Writer.TryWrite(mail);

    public void Done() => Interlocked.Decrement(ref _pending);
}

/// <param name="Message">Null until it is composed: a link in it must not be made anew by another try.</param>
internal sealed record QueuedMail(MailRequest Request, MimeKit.MimeMessage? Message, int Tries);
