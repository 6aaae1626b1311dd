using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Delivery;

/// <summary>Section <c>Delivery</c>.</summary>
internal sealed class DeliverySettings
{
    /// <summary>So long without a word from Control, the agent asks.</summary>
    [Range(10, 60_000)]
    public int SilenceMilliseconds { get; set; } = 2000;

    /// <summary>The longest pause between two questions while Control is away.</summary>
    [Range(10, 60_000)]
    public int MaxPauseMilliseconds { get; set; } = 5000;

    /// <summary>Bound of one resource on its way over HTTP.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxLineBytes { get; set; } = 8 * 1024 * 1024;
}
