using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Control.Bus;

/// <summary>What an agent published, before anything of it is believed: the exact bytes and what its headers claim.</summary>
/// <param name="Type">The claimed message type; empty where the header is missing.</param>
/// <param name="Sender">The claimed sender; null where the header is missing or no id.</param>
internal sealed record AgentMessage(string Type, AgentId? Sender, string? Signature, ReadOnlyMemory<byte> Body)
{
    private const int MaxHeader = 200;

    public static AgentMessage From(ReceiveContext context) => new(
        Header(context, BusTopology.TypeHeader) ?? "",
        AgentId.TryParse(Header(context, BusTopology.AgentHeader), null, out var sender) ? sender : null,
        Header(context, BusTopology.SignatureHeader),
        context.Body.GetBytes());

    /// <summary>True when the holder of the enrolled key wrote exactly these bytes as this type.</summary>
    /// <param name="signingKey">SubjectPublicKeyInfo, DER, as enrolled.</param>
    public bool IsSignedBy(byte[] signingKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(signingKey, out _);
        return MessageSignature.Verify(key, Type, Body.Span, Signature);
    }

    /// <summary>Text headers reach us as strings or, over AMQP 0-9-1's long strings, as bytes.</summary>
    private static string? Header(ReceiveContext context, string name)
    {
        if (!context.TransportHeaders.TryGetHeader(name, out var value))
            return null;
        var text = value as string ?? (value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null);
        return text is { Length: <= MaxHeader } ? text : null;
    }
}
