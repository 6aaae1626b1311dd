using System.ComponentModel.DataAnnotations;
using Platform.Gateway.Answers;

namespace Platform.Gateway.Requests;

/// <summary>Section <c>Limits</c>: what one request may take, and all together.</summary>
internal sealed class LimitsSettings
{
    /// <summary>Requests, streamed ones too, that run at one time with one key at this agent; 429 beyond.</summary>
    [Range(1, 1_000_000)]
    public int MaxConcurrentPerKey { get; set; } = 2000;

    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Of a body with files (<c>multipart/form-data</c>): the 25 MB that OpenAI takes, and what is around them.</summary>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxFormBytes { get; set; } = 26 * 1024 * 1024;

    /// <summary>Time for such a body to arrive.</summary>
    [Range(1, 3600)]
    public int FormSeconds { get; set; } = 120;

    /// <summary>Time for a request's body to arrive.</summary>
    [Range(1, 3600)]
    public int BodySeconds { get; set; } = 30;

    /// <summary>Bound of an answer that is not streamed.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bound of one event of a stream.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxEventBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bound of an answer with images, and of one event of their stream.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxImageBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bodies, answers and unfinished events held at one time, all together; beyond it requests are refused.</summary>
    [Range(1, 1024 * 1024)]
    public int MaxBufferedMegabytes { get; set; } = 512;

    /// <summary>The most of these that one tenant's requests may hold; beyond it they are refused, and others' are not.</summary>
    [Range(1, 100)]
    public int MaxTenantBufferedPercent { get; set; } = 50;

    public long MaxBufferedBytes => MaxBufferedMegabytes * 1024L * 1024;

    public long MaxTenantBufferedBytes => MaxBufferedBytes * MaxTenantBufferedPercent / 100;

    /// <summary>Made once, when it is first asked for: settings do not change then.</summary>
    internal AnswerBound Answers => field ??= AnswerBound.Of(this);

    internal AnswerBound ImageAnswers => field ??= AnswerBound.OfImages(this);
}
