using Platform.Gateway.Answers;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Api;

/// <summary>One thing that callers may ask for: where, how its requests are read, and how its answers are. Has no state.</summary>
internal abstract class Operation
{
    /// <summary>One of <see cref="Contracts.Usage.Operations"/>: what the usage record says, and what engines are looked up by.</summary>
    public abstract string Name { get; }

    /// <summary>The paths that are posted to.</summary>
    public abstract IReadOnlyList<string> Routes { get; }

    /// <summary>For endpoints that speak the operation themselves.</summary>
    public abstract AnswerCodec Answers { get; }

    /// <summary>The forms in which a request may come.</summary>
    public virtual BodyKinds Bodies => BodyKinds.Json;

    /// <summary>Reads a form, which the operation takes.</summary>
    public virtual Result<RequestFacts> ReadForm(ReadOnlyMemory<byte> body, string? boundary) => FormErrors.WrongType(Bodies);

    /// <summary>Reads a JSON body once, without changing it.</summary>
    public abstract Result<RequestFacts> Read(ReadOnlyMemory<byte> body);
}
