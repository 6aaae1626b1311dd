using System.Diagnostics;
using Platform.GpuWorker.Faults;
using Platform.GpuWorker.Options;
using Platform.GpuWorker.RequestLog;
using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker.Api;

/// <summary>A request for tokens from its first byte to its line in the log.</summary>
internal sealed class GenerationHandler(
    WorkerOptions options, EngineLoop engine, FaultSwitch faults, RequestLogWriter log, IHostApplicationLifetime lifetime)
{
    private readonly RequestParser _parser = new(options);

    public async Task HandleAsync(HttpContext context, GenerationKind kind)
    {
        var entry = log.Begin(context);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var active = faults.Current;
            var (request, fault) = await ParseAsync(context, kind, entry, active);
            if (request is null)
                await RejectAsync(context, entry, fault ?? ApiError.NotJson);
            else
                await ServeAsync(new(context, request, entry, active, options.Usage && !active.UsageOff, left.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            var outcome = lifetime.ApplicationStopping.IsCancellationRequested ? RequestOutcome.Failed : RequestOutcome.Aborted;
            entry.End(outcome, context.Response.HasStarted ? context.Response.StatusCode : StatusCodes.Status499ClientClosedRequest);
            context.Abort();
        }
    }

    private async Task<(GenerationRequest? Request, ApiError? Fault)> ParseAsync(
        HttpContext context, GenerationKind kind, RequestEntry entry, FaultSet active)
    {
        using var body = await RequestBody.ReadAsync(context);
        if (active.Status is { } status)
            return (null, ApiError.Injected(status));
        if (body.Root is not { } root)
            return (null, body.Fault);
        return _parser.TryParse(root, kind, entry, out var request, out var fault) ? (request, null) : (null, fault);
    }

    private async Task ServeAsync(Answer answer)
    {
        if (answer.Faults.Crash)
            Crash(answer.Entry);
        if (answer.Faults.Hang)
        {
            answer.Entry.Accept();
            await Task.Delay(Timeout.Infinite, answer.Left);
        }
        var listener = answer.Request.Stream ? Listener.EachToken : Listener.AtEnd;
        if (engine.TrySubmit(answer.Request.NewSequence(), listener) is not { } generation)
        {
            await RejectAsync(answer.Context, answer.Entry, ApiError.Full);
            return;
        }
        answer.Entry.Accept();
        try
        {
            await (answer.Request.Stream ? new StreamAnswer(answer).WriteAsync(generation) : PlainAnswer.WriteAsync(answer, generation));
        }
        finally
        {
            if (!generation.HasEnded)
                engine.Abort(generation);
        }
    }

    private static Task RejectAsync(HttpContext context, RequestEntry entry, ApiError fault)
    {
        entry.End(RequestOutcome.Rejected, fault.Status);
        return fault.WriteAsync(context);
    }

    // Not Environment.Exit: a crash runs no handlers and closes no connection in good order.
    private static void Crash(RequestEntry entry)
    {
        entry.Accept();
        Process.GetCurrentProcess().Kill();
    }
}
