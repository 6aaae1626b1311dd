using System.Security.Cryptography;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Ids;
using Platform.Gateway.Idempotency;
using Platform.Gateway.KeptAnswers;
using Platform.Gateway.Peers;

namespace Platform.Gateway.Tests;

/// <summary>What agents of a group say to each other, and what they do not take.</summary>
public sealed class PeerMessageTests
{
    private static readonly GroupKey Old = new("g1", RandomNumberGenerator.GetBytes(32));
    private static readonly GroupKey New = new("g2", RandomNumberGenerator.GetBytes(32));

    private readonly PeerMessage _message = new(PeerMessageKind.Question, Guid.NewGuid(), Guid.NewGuid(), [1, 2, 3]);

    [Fact]
    public void What_is_sealed_with_any_key_of_the_group_opens()
    {
        var (behind, rotating) = (new PeerCipher(AgentGroupName.Default, [Old]), new PeerCipher(AgentGroupName.Default, [Old, New]));

        var opened = rotating.Open(behind.Seal(_message))!;

        (opened.Kind, opened.Sender, opened.Topic).ShouldBe((_message.Kind, _message.Sender, _message.Topic));
        opened.Payload.ShouldBe(_message.Payload);
        behind.Open(rotating.Seal(_message)).ShouldBeNull();
    }

    [Fact]
    public void Who_is_not_of_the_group_is_not_heard()
    {
        var mine = new PeerCipher(AgentGroupName.Default, [Old]);
        var bytes = mine.Seal(_message)!;

        mine.Open(new PeerCipher(AgentGroupName.Parse("other"), [Old]).Seal(_message)).ShouldBeNull();
        mine.Open(new PeerCipher(AgentGroupName.Default, [Old with { Key = New.Key }]).Seal(_message)).ShouldBeNull();
        mine.Open(_message.ToBytes()).ShouldBeNull();
        for (var length = 0; length < bytes.Length; length++)
            mine.Open(bytes.AsSpan(0, length)).ShouldBeNull();
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            mine.Open(changed).ShouldBeNull();
        }
    }

    [Fact]
    public void An_answer_is_read_as_it_was_and_what_is_none_says_nothing()
    {
        var answer = new KeptAnswer(RequestId.New(), 200, [new("content-type", "text/plain; é")], RandomNumberGenerator.GetBytes(1000));
        var bytes = KeyWire.Answer(answer);

        var read = KeyWire.ReadAnswer(bytes, 1000)!;

        (read.Original, read.Status).ShouldBe((answer.Original, answer.Status));
        read.Headers.ShouldBe(answer.Headers);
        read.Body.ShouldBe(answer.Body);
        KeyWire.ReadAnswer(bytes, 999).ShouldBeNull();
        for (var length = 0; length < bytes.Length; length++)
            KeyWire.ReadAnswer(bytes[..length], 1000).ShouldBeNull();
        KeyWire.ReadFinding([9, 0, 0, 0, 0]).ShouldBeNull();
        KeyWire.ReadQuestion([1]).ShouldBeNull();
    }
}
