using Platform.Gateway.Errors;
using Platform.Gateway.Forwarding;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Limits;

namespace Platform.Gateway.Idempotency;

/// <summary>
/// Sees to it that requests with the same <c>Idempotency-Key</c> run once, and that those after the first get its answer.
/// Requests without one pass.
/// </summary>
internal sealed class IdempotencyGate(
    IdempotencyStore store, GroupQuestions group, QuotaGate next, AnswerCopies copies, KeptWriter writer, IdempotencyMeter meter)
{
    public Task AnswerAsync(Exchange exchange) =>
        IdempotencyKey.Of(exchange.Http.Request, out var invalid) is { } key ? AnswerAsync(exchange, key)
        : invalid is not null ? RefuseAsync(exchange, invalid)
        : next.AnswerAsync(exchange);

    private async Task AnswerAsync(Exchange exchange, string key)
    {
        var tenant = exchange.Caller.Tenant;
        if (meter.WindowOf(tenant) is not { } window)
        {
            KeptHeaders.Mark(exchange.Http.Response, KeptHeaders.Idempotency, "off");
            await next.AnswerAsync(exchange);
            return;
        }
        var claim = store.Begin(new(IdempotencyKey.ScopeOf(exchange, key), IdempotencyKey.BodyOf(exchange), tenant.Id, window));
        if (claim.Entry is { } mine && group.HasOthers)
            claim = await AskAsync(mine, !tenant.Isolation.KeepsNothing);
        if (claim.Entry is { } entry)
            await RunAsync(exchange, entry);
        else
            await AnswerAsync(exchange, claim.Found);
    }

    /// <summary>What another agent knows of it is from now on known here.</summary>
    private async Task<Claim> AskAsync(IdempotencyEntry entry, bool keeps)
    {
        KeyFinding found = default;
        var isSettled = false;
        try
        {
            found = await group.AskAsync(entry);
            if (!keeps && found.State == KeyState.Answered)
                found = new(KeyState.Gone, Left: found.Left);
            if (found.State is KeyState.Answered or KeyState.Gone)
                store.Finish(entry, found.Answer, found.Left);
            isSettled = found.State is KeyState.Answered or KeyState.Gone or KeyState.Unknown;
        }
        finally
        {
            if (!isSettled)
                store.Free(entry);
        }
        return found.State == KeyState.Unknown ? new(entry, default) : new(null, found);
    }

    private async Task RunAsync(Exchange exchange, IdempotencyEntry entry)
    {
        var keeps = !exchange.Caller.Tenant.Isolation.KeepsNothing;
        if (!keeps)
            KeptHeaders.Mark(exchange.Http.Response, KeptHeaders.Idempotency, "unkept");
        store.Run(entry);
        using var copy = keeps ? copies.New(exchange, isAwaited: true) : AnswerCopies.NewWithoutContent(exchange);
        exchange.Copy = copy;
        copy.WhenFinal(() => store.Finish(entry, copy.ToKept(exchange)));
        try
        {
            await next.AnswerAsync(exchange);
        }
        finally
        {
            try
            {
                copy.Settle();
            }
            finally
            {
                if (!copy.IsSettled)
                    store.Free(entry);
            }
        }
    }

    private async Task AnswerAsync(Exchange exchange, KeyFinding found)
    {
        meter.Found(found.State);
        if (found is not { State: KeyState.Answered, Answer: { } kept })
        {
            await RefuseAsync(exchange, ErrorOf(found.State));
            return;
        }
        exchange.Http.Response.Headers[KeptHeaders.Replayed] = "true";
        exchange.Http.Response.Headers[KeptHeaders.OriginalRequest] = kept.Original.ToString();
        await writer.WriteAsync(exchange, kept);
    }

    private static ApiError ErrorOf(KeyState state) => state switch
    {
        KeyState.Running => IdempotencyErrors.InProgress,
        KeyState.OtherBody => IdempotencyErrors.Reuse,
        KeyState.Full => IdempotencyErrors.Full,
        _ => IdempotencyErrors.Gone,
    };

    private async Task RefuseAsync(Exchange exchange, ApiError error)
    {
        meter.Refused(error, exchange.Caller.Tenant);
        await ApiErrorWriter.WriteAsync(exchange.Http, error);
    }
}
