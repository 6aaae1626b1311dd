using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Delivery;

/// <summary>
/// The one that changes the configuration: takes what the bus brings in its order, and fetches where that is not enough.
/// One fetch at a time, with back-off while Control is away.
/// </summary>
internal sealed class DeliveryLoop(
    DeliveryInbox inbox, ConfigApplier applier, PullSchedule schedule, Agent agent, SecretsRenewal renewal, ILogger<DeliveryLoop> logger)
    : BackgroundService
{
    private bool _secretsWanted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var enrolled = await agent.WhenEnrolledAsync(stoppingToken);
        schedule.Want(everything: applier.NeedsEverything);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(enrolled, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (ControlClient.IsOutage(e))
                    Log.ControlAway(logger, e.Message);
                else
                    Log.NotApplied(logger, e);
                schedule.Failed();
            }
        }
    }

    private async Task StepAsync(EnrolledAgent enrolled, CancellationToken token)
    {
        if (_secretsWanted && await renewal.TryRenewAsync(token))
        {
            _secretsWanted = false;
            schedule.Want(everything: true);
        }
        if (schedule.IsDue)
        {
            var end = await applier.PullAsync(schedule.Everything, enrolled, token);
            schedule.Succeeded();
            Settle(end);
            return;
        }
        var news = await inbox.TakeAsync(schedule.Wait, token);
        if (news is null)
            schedule.Want();
        else if (news.Group == enrolled.Identity.Group)
            Look(news, enrolled);
    }

    private void Look(News news, EnrolledAgent enrolled)
    {
        schedule.Heard();
        switch (news, applier.Judge(news))
        {
            case (News.Changed { Message: var changed }, Verdict.Apply):
                Settle(applier.Apply(changed, enrolled));
                break;
            case (_, Verdict.Pull):
                schedule.Want();
                break;
        }
    }

    private void Settle(SessionEnd end)
    {
        _secretsWanted |= end.NeedsSecrets;
        if (end.IsStored)
            return;
        schedule.Want(everything: true);
        schedule.Failed();
    }
}
