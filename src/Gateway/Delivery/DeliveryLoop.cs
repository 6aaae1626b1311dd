using Platform.Gateway.Configuration;
using Platform.Gateway.Enrolment;

namespace Platform.Gateway.Delivery;

/// <summary>
/// The one that changes the configuration: takes what the bus brings in its order, and fetches where that is not enough.
/// One fetch at a time, with back-off while Control is away.
/// </summary>
internal sealed class DeliveryLoop(
    DeliveryInbox inbox, ConfigApplier applier, CurrentSnapshot current, Agent agent, SecretsRenewal renewal, DeliverySettings settings,
    TimeProvider time, ILogger<DeliveryLoop> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly TimeSpan _silence = TimeSpan.FromMilliseconds(settings.SilenceMilliseconds);
    private readonly TimeSpan _maxPause = TimeSpan.FromMilliseconds(settings.MaxPauseMilliseconds);
    private bool _pullWanted = true;
    private bool _everything;
    private bool _secretsWanted;
    private TimeSpan _pause = FirstPause;
    private DateTimeOffset _nextPull;
    private DateTimeOffset _nextSilence;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var enrolled = await agent.WhenEnrolledAsync(stoppingToken);
        _everything = current.Value is null or { Rejected.Count: > 0 };
        Heard();
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
                Postpone();
            }
        }
    }

    private async Task StepAsync(EnrolledAgent enrolled, CancellationToken token)
    {
        if (_secretsWanted && await renewal.TryRenewAsync(token))
        {
            _secretsWanted = false;
            Want(everything: true);
        }
        if (_pullWanted && time.GetUtcNow() >= _nextPull)
        {
            Settle(await applier.PullAsync(_everything, enrolled, token), pulled: true);
            return;
        }
        var until = _pullWanted && _nextPull < _nextSilence ? _nextPull : _nextSilence;
        var news = await inbox.TakeAsync(until - time.GetUtcNow(), time, token);
        if (news is null)
            Want(everything: false);
        else if (news.Group == enrolled.Identity.Group)
            Look(news, enrolled);
    }

    private void Look(News news, EnrolledAgent enrolled)
    {
        Heard();
        var mine = current.Value ?? Snapshot.Empty;
        switch (news)
        {
            case News.Changed { Message: var changed }:
                var verdict = DeliveryRules.Judge(mine, changed);
                if (verdict == Verdict.Apply)
                    Settle(applier.Apply(changed, enrolled), pulled: false);
                else if (verdict == Verdict.Pull)
                    Want(everything: false);
                break;
            case News.Head { Message: var head } when DeliveryRules.Judge(mine, head) == Verdict.Pull:
                Want(everything: false);
                break;
        }
    }

    private void Settle(SessionEnd end, bool pulled)
    {
        if (pulled)
        {
            (_pullWanted, _everything, _pause) = (false, false, FirstPause);
            Heard();
        }
        _secretsWanted |= end.NeedsSecrets;
        if (!end.IsStored)
        {
            Want(everything: true);
            Postpone();
        }
    }

    private void Want(bool everything)
    {
        _pullWanted = true;
        _everything |= everything;
    }

    private void Heard() => _nextSilence = time.GetUtcNow() + _silence;

    /// <summary>The next fetch comes later, the one after it later still.</summary>
    private void Postpone()
    {
        _pullWanted = true;
        _nextPull = time.GetUtcNow() + _pause;
        _nextSilence = _nextPull + _silence;
        _pause = _pause * 2 < _maxPause ? _pause * 2 : _maxPause;
    }
}
