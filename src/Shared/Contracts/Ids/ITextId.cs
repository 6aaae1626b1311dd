namespace Platform.Contracts.Ids;

/// <summary>A name with a type of its own, checked once where it enters.</summary>
public interface ITextId<TSelf> : IParsable<TSelf>
    where TSelf : struct, ITextId<TSelf>
{
    string Value { get; }
}
