namespace Platform.Contracts.Ids;

/// <summary>An identifier with a type of its own. On the wire it is a UUID in its 36-character form (RFC 9562).</summary>
public interface IId<TSelf> : IParsable<TSelf>
    where TSelf : struct, IId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}
