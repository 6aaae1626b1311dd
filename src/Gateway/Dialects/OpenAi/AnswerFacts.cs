using Platform.Gateway.Answers;

namespace Platform.Gateway.Dialects.OpenAi;

/// <summary>What one pass over a completion, or over a chunk of one, found. Positions are byte offsets in the JSON.</summary>
internal struct AnswerFacts
{
    /// <summary>It has <c>choices</c>, and the list is empty.</summary>
    public bool ChoicesEmpty;

    /// <summary>It has a member <c>error</c> that is not null.</summary>
    public bool IsError;

    /// <summary>The opening quote of <c>"usage"</c>; -1 without one.</summary>
    public int UsageNameStart;

    public int UsageValueStart;

    /// <summary>Behind the value of <c>usage</c>.</summary>
    public int UsageEnd;

    /// <summary>Null where <c>usage</c> is missing, null or empty.</summary>
    public UsageCount? Usage;

    /// <summary>The last one that is not null.</summary>
    public string? FinishReason;

    /// <summary>Bytes of generated text, as they are written.</summary>
    public int TextBytes;

    /// <summary>The object's closing brace.</summary>
    public int ObjectEnd;

    public readonly bool HasUsageMember => UsageNameStart >= 0;
}
