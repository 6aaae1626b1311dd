using System.Collections.Frozen;
using Platform.Contracts.Configuration;
using Platform.Contracts.Usage;
using Platform.Gateway.Answers;
using Platform.Gateway.Configuration;
using Platform.Gateway.Forwarding;
using Platform.Gateway.ModelList;

namespace Platform.Gateway.Limits;

/// <summary>Finds the quotas that hold for a request, and how much it asks of them.</summary>
internal sealed class Quotas(QuotaStates states, OutputHistory history, TimeProvider time)
{
    /// <summary>Of a text, before any is known of the key and the model.</summary>
    private const long FirstOutput = 256;

    private static readonly FrozenSet<string> Writes = FrozenSet.Create(Operations.Chat, Operations.Completion, Operations.Responses, Operations.Messages);

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Null where none holds.</summary>
    public QuotaUse? Of(Exchange exchange)
    {
        var caller = exchange.Caller;
        var table = caller.Tenant.Policies.QuotaTable;
        if (table.IsEmpty)
            return null;
        QuotaUse? use = null;
        Add(ref use, exchange, table.Of(caller.KeyId));
        Add(ref use, exchange, table.Of(caller.ProjectId));
        Add(ref use, exchange, table.OfTenant);
        return use;
    }

    public QuotaState StateOf(Exchange exchange, QuotaEntry quota) => states.Of(quota.Id, exchange.Caller.Tenant.Id);

    /// <summary>The prompt's tokens by its length; those of the output as many as usual, and no more than the caller wants.</summary>
    public TokenAsk AskOf(Exchange exchange)
    {
        var facts = exchange.Facts;
        var name = exchange.Operation.Name;
        var usual = history.Usual(exchange.Caller.KeyId, exchange.Model.Id, name) ?? (Writes.Contains(name) ? FirstOutput : 0);
        var prompt = TokenEstimate.OfText(facts.PromptBytes - facts.FileBytes);
        return facts.MaxOutputTokens is { } most ? new(prompt, Math.Min(most, usual), IsBounded: true) : new(prompt, usual, IsBounded: false);
    }

    public void Learn(Exchange exchange, long outputTokens) =>
        history.Learn(exchange.Caller.KeyId, exchange.Model.Id, exchange.Operation.Name, outputTokens);

    private void Add(ref QuotaUse? use, Exchange exchange, ScopeQuotas? scope)
    {
        if (scope is null)
            return;
        Add(ref use, exchange, scope.All);
        if (scope.ByModel is not { } byModel)
            return;
        var model = exchange.Model;
        if (byModel.TryGetValue(model.Name.Value, out var quotas) && VisibleModels.Means(exchange.Caller, model.Name, model))
            Add(ref use, exchange, quotas);
        if (model.Aliases is not { Count: > 0 } aliases)
            return;
        foreach (var alias in aliases)
        {
            if (byModel.TryGetValue(alias.Value, out quotas) && VisibleModels.Means(exchange.Caller, alias, model))
                Add(ref use, exchange, quotas);
        }
    }

    private void Add(ref QuotaUse? use, Exchange exchange, QuotaEntry[] quotas)
    {
        if (quotas.Length == 0)
            return;
        use ??= new(this, exchange);
        foreach (var quota in quotas)
            use.Add(quota, StateOf(exchange, quota));
    }
}
