using Platform.Contracts.Ids;
using Platform.Gateway.Authentication;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Edge;

/// <summary>Lets requests in: who calls, and whether its key has room for one more. Nothing of the body is read before.</summary>
internal sealed class Admission(KeyAuthenticator authenticator, Strangers strangers, KeySlots slots)
{
    /// <summary>To be disposed when the request is over, however it ends.</summary>
    public Result<Visit> Admit(HttpContext context)
    {
        var (caller, refused) = authenticator.Authenticate(context.Request);
        if (caller is null)
            return refused!;
        strangers.Welcome(context);
        return slots.TryEnter(caller.KeyId) ? new Visit(caller, slots) : ApiErrors.TooManyAtOnce;
    }
}

/// <summary>A request that was let in and takes one of its key's places.</summary>
internal sealed class Visit(Caller caller, KeySlots slots) : IDisposable
{
    private readonly ApiKeyId _key = caller.KeyId;

    public Caller Caller => caller;

    public void Dispose() => slots.Leave(_key);
}
