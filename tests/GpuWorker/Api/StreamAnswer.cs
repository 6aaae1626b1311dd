using System.Buffers;
using System.IO.Pipelines;
using Platform.GpuWorker.RequestLog;
using Platform.GpuWorker.Serving;

namespace Platform.GpuWorker.Api;

/// <summary>Writes an answer as events: the role, one event a token, the finish reason, usage when asked for, <c>[DONE]</c>.</summary>
internal sealed class StreamAnswer(Answer answer)
{
    private readonly PipeWriter _output = answer.Context.Response.BodyWriter;
    private readonly StreamFrames _frames = new(
        answer.Request.Kind, answer.Id, answer.Model, answer.Created, answer.Entry.PromptTokens,
        answer.Request.ContinuousUsage && answer.UsageOn);
    private int _events;
    private int _tokens;

    private bool CutDue => answer.Faults.CutAfter <= _events;

    /// <exception cref="OperationCanceledException">The caller left, or the worker stops.</exception>
    public async Task WriteAsync(Generation generation)
    {
        answer.Context.Response.ContentType = "text/event-stream; charset=utf-8";
        await FlushAsync();
        Progress progress = default;
        while (!progress.Finished && !CutDue)
        {
            progress = await generation.NextAsync(answer.Left);
            answer.Entry.CachedTokens = progress.CachedTokens;
            WriteTokens(progress.Tokens);
            await FlushAsync();
            answer.Entry.CompletionTokens = _tokens;
        }
        if (!CutDue)
            WriteEnd(progress);
        if (CutDue)
        {
            await FlushAsync();
            await answer.CutAsync();
            return;
        }
        answer.Entry.End(RequestOutcome.Finished, StatusCodes.Status200OK);
        _output.Write(StreamFrames.Done);
        await FlushAsync();
    }

    private void WriteTokens(int produced)
    {
        if (_events == 0 && _frames.HasRole)
        {
            _frames.Role(_output);
            _events++;
        }
        for (; _tokens < produced && !CutDue; _events++)
        {
            var word = answer.Request.Answer.Word(_tokens);
            _frames.Token(_output, word.Utf8, ++_tokens);
        }
    }

    private void WriteEnd(Progress end)
    {
        _frames.Finish(_output, answer.Request.Answer.FinishReason, end.Tokens);
        _events++;
        if (CutDue || !answer.Request.IncludeUsage || !answer.UsageOn || answer.Faults.DropUsageChunk)
            return;
        _frames.Usage(_output, answer.Usage(end));
        _events++;
    }

    private async ValueTask FlushAsync()
    {
        var flushed = await _output.FlushAsync(answer.Left);
        if (flushed.IsCompleted || flushed.IsCanceled)
            throw new OperationCanceledException("The caller has left.");
    }
}
