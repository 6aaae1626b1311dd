using System.Collections.Concurrent;
using Platform.Contracts.Ids;
using Platform.Gateway.Configuration;

namespace Platform.Gateway.Routing;

/// <summary>The budgets that a retry is taken from: its model's and that of the whole agent.</summary>
internal sealed class RetryBudgets : IDisposable
{
    private readonly RoutingSettings _settings;
    private readonly TimeProvider _time;
    private readonly CurrentSnapshot _current;
    private readonly RetryBudget _all;
    private readonly ConcurrentDictionary<ModelId, RetryBudget> _models = new();

    public RetryBudgets(RoutingSettings settings, TimeProvider time, CurrentSnapshot current)
    {
        (_settings, _time, _current) = (settings, time, current);
        _all = new(settings.RetryPercent, settings.MinRetriesPerSecond, time);
        current.Swapped += OnSwapped;
    }

    public void AddRequest(ModelId model)
    {
        _all.AddRequest();
        Of(model).AddRequest();
    }

    /// <summary>False where either is spent.</summary>
    public bool TryTake(ModelId model)
    {
        var own = Of(model);
        if (!own.Allows() || !_all.Allows())
            return false;
        own.AddRetry();
        _all.AddRetry();
        return true;
    }

    public void Dispose() => _current.Swapped -= OnSwapped;

    private RetryBudget Of(ModelId model) => _models.GetOrAdd(
        model, static (_, own) => new(own._settings.RetryPercent, own._settings.MinModelRetriesPerSecond, own._time), this);

    /// <summary>What models come and go with changes; a budget without requests knows nothing that a new one would not.</summary>
    private void OnSwapped(Snapshot before, Snapshot after)
    {
        foreach (var (model, budget) in _models)
        {
            if (budget.IsIdle)
                _models.TryRemove(model, out _);
        }
    }
}
