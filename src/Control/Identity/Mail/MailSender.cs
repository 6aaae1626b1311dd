using MimeKit;

namespace Platform.Control.Identity.Mail;

/// <summary>Composes and hands over what is in the <see cref="MailQueue"/>, with back-off between the tries.</summary>
internal sealed class MailSender(
    MailQueue queue, IMailTransport transport, IServiceScopeFactory scopes, MailMeter meter, TimeProvider time, ILogger<MailSender> logger)
    : BackgroundService
{
    private const int AtOnce = 2;

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (transport is NoTransport)
            logger.NoTransport();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (queue.Pending is > 0 and var left)
            {
                meter.Lost("stopped", left);
                logger.LeftBehind(left);
            }
        }
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        await foreach (var mail in queue.Reader.ReadAllAsync(ct))
        {
            var current = mail;
            try
            {
                current = mail.Message is null ? mail with { Message = await ComposeAsync(mail.Request, ct) } : mail;
                if (current.Message is not null)
                {
                    await transport.SendAsync(current.Message, ct);
                    meter.Sent();
                }
                queue.Done(mail.Request);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                AfterFailure(current with { Tries = current.Tries + 1 }, e, ct);
            }
        }
    }

    /// <summary>Null where there is nobody to write to, or they were written to a moment ago.</summary>
    private async Task<MimeMessage?> ComposeAsync(MailRequest request, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MailComposer>().ComposeAsync(request, ct);
    }

    private void AfterFailure(QueuedMail mail, Exception exception, CancellationToken ct)
    {
        if (exception is MailRefusedException || mail.Tries > Delays.Length)
        {
            queue.Done(mail.Request);
            meter.Lost("given-up");
            logger.GivenUp(exception, mail.Tries);
            return;
        }
        var delay = Delays[mail.Tries - 1];
        meter.TryFailed();
        logger.TryFailed(exception, mail.Tries, delay);
        _ = AgainAsync(mail, delay, ct);
    }

    private async Task AgainAsync(QueuedMail mail, TimeSpan delay, CancellationToken ct)
    {
        await Task.Delay(delay, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        queue.Again(mail);
    }
}
