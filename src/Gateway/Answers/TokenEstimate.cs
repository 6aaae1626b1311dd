namespace Platform.Gateway.Answers;

/// <summary>Tokens where nobody counts them.</summary>
internal static class TokenEstimate
{
    /// <summary>A token is taken for four bytes of text.</summary>
    private const int BytesPerToken = 4;

    public static long OfText(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
