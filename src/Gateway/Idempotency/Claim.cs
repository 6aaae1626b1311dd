using Platform.Contracts.Ids;
using Platform.Gateway.KeptAnswers;

namespace Platform.Gateway.Idempotency;

/// <summary>A request that carries a key.</summary>
/// <param name="Scope">Whose key for what.</param>
/// <param name="Body">Of what it asks.</param>
/// <param name="Window">How long its end is known.</param>
internal readonly record struct KeyedRequest(Digest Scope, Digest Body, TenantId Tenant, TimeSpan Window);

/// <summary>What is known of a key.</summary>
internal enum KeyState
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>Its request runs.</summary>
    Running,

    /// <summary>Its request was answered, and the answer is there.</summary>
    Answered,

    /// <summary>Its request was answered, and the answer is not there.</summary>
    Gone,

    /// <summary>It belongs to another body.</summary>
    OtherBody,

    /// <summary>Nothing, and there is no room to know more.</summary>
    Full,
}

/// <param name="Answer">Where it is answered.</param>
/// <param name="Left">How long it is still known.</param>
internal readonly record struct KeyFinding(KeyState State, KeptAnswer? Answer = null, TimeSpan Left = default);

/// <summary>What a request got that wants to run: an entry that is its own, or what stands against it.</summary>
internal readonly record struct Claim(IdempotencyEntry? Entry, KeyFinding Found);
