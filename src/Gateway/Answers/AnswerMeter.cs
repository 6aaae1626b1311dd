namespace Platform.Gateway.Answers;

/// <summary>What an answer said of itself while it passed: for the usage record, and for nothing that the caller sees.</summary>
internal sealed class AnswerMeter
{
    /// <summary>As the engine counts; null where it said nothing yet.</summary>
    public UsageCount? Usage { get; set; }

    /// <summary>What was counted of an answer that broke before the caller got any of it; null where nothing was.</summary>
    public UsageCount? Lost { get; private set; }

    /// <summary>The count is the engine's last word, not one on the way.</summary>
    public bool UsageIsFinal { get; set; }

    /// <summary>Why the model stopped, in the words of the dialect; null until it did.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The upstream told of an error inside of its answer.</summary>
    public bool HasError { get; set; }

    /// <summary>Images that are whole.</summary>
    public long Images { get; set; }

    /// <summary>Seconds of audio that were written down; null where the engine did not say.</summary>
    public double? AudioSeconds { get; set; }

    /// <summary>The answer broke after a part of it had gone to the caller.</summary>
    public bool IsCut { get; set; }

    /// <summary>Bytes of generated text.</summary>
    public long TextBytes { get; private set; }

    /// <summary>Chunks with generated text; an engine sends at least one token with each.</summary>
    public long TextChunks { get; private set; }

    /// <summary>Events that could not be read; 1 for a whole answer.</summary>
    public int Unread { get; private set; }

    /// <summary>An event went by that may have said anything: what was counted so far is not known to be the last word.</summary>
    public void Miss()
    {
        Unread++;
        UsageIsFinal = false;
    }

    /// <summary>The answer is not the caller's: what was counted of it is not either.</summary>
    public void GiveUp() => (Lost, Usage) = (Usage, null);

    public void AddText(long bytes)
    {
        if (bytes <= 0)
            return;
        TextBytes += bytes;
        TextChunks++;
    }
}
