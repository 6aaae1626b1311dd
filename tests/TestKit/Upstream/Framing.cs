namespace Platform.TestKit.Upstream;

/// <summary>How an answer says where its body ends (RFC 9112, 6.3).</summary>
public readonly record struct Framing
{
    private Framing(FramingKind kind, long length) => (Kind, Length) = (kind, length);

    /// <summary><c>Transfer-Encoding: chunked</c>; each send is one chunk.</summary>
    public static Framing Chunked => new(FramingKind.Chunked, 0);

    /// <summary>The body ends where the connection does.</summary>
    public static Framing UntilClose => new(FramingKind.UntilClose, 0);

    /// <summary>No body and no header about one (204, 304), or headers that the test writes itself.</summary>
    public static Framing Unsaid => new(FramingKind.Unsaid, 0);

    public FramingKind Kind { get; }

    /// <summary>Bytes, for <see cref="FramingKind.Length"/>.</summary>
    public long Length { get; }

    /// <summary><c>Content-Length</c>; a script may then write less, or more.</summary>
    public static Framing OfLength(long bytes) => new(FramingKind.Length, bytes);
}

public enum FramingKind
{
    Chunked,
    Length,
    UntilClose,
    Unsaid,
}
