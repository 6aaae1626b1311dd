namespace Platform.Gateway.Peers;

internal enum PeerMessageKind : byte
{
    /// <summary>The sender is there; whoever does not know it says the same to it.</summary>
    Here = 1,

    /// <summary>The sender goes.</summary>
    Bye = 2,

    /// <summary>Who knows this key?</summary>
    Question = 3,

    /// <summary>What the sender knows of it.</summary>
    Finding = 4,

    /// <summary>The answer that was found.</summary>
    Answer = 5,
}

/// <summary>What one agent says to others of its group.</summary>
/// <param name="Sender">Its boot.</param>
/// <param name="Topic">What belongs together.</param>
internal sealed record PeerMessage(PeerMessageKind Kind, Guid Sender, Guid Topic, byte[] Payload)
{
    private const byte Version = 1;
    private const int Head = 2 + 16 + 16;

    public byte[] ToBytes() => [Version, (byte)Kind, .. Sender.ToByteArray(), .. Topic.ToByteArray(), .. Payload];

    /// <summary>Null where it is no message of this version.</summary>
    public static PeerMessage? Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Head && bytes[0] == Version
            ? new((PeerMessageKind)bytes[1], new(bytes[2..18]), new(bytes[18..Head]), bytes[Head..].ToArray())
            : null;
}
