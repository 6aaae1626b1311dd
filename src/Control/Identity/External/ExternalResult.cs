using System.Diagnostics.CodeAnalysis;

namespace Platform.Control.Identity.External;

/// <summary>Whom a provider's id token is about; the address is of the provider's domain.</summary>
internal sealed record ExternalIdentity(string Subject, string Email, IReadOnlyList<string> Groups);

/// <summary>What a step of a sign-in gave, or one of <see cref="ExternalRefusals"/>.</summary>
internal readonly record struct ExternalResult<T>
    where T : class
{
    private ExternalResult(T? value, string? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }

    public string? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Refusal))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Refusal is not null;

    public static implicit operator ExternalResult<T>(T value) => new(value, null);

    public static implicit operator ExternalResult<T>(string refusal) => new(null, refusal);
}

/// <summary>Why a sign-in by a provider was refused: for the log and the trail. People read one text for all but the groups.</summary>
internal static class ExternalRefusals
{
    /// <summary>No sign-in of this browser is under way, or it is over.</summary>
    public const string State = "state";

    /// <summary>The provider said no, or nothing.</summary>
    public const string Provider = "provider";

    /// <summary>The id token is not right.</summary>
    public const string Token = "token";

    /// <summary>The address is missing, not verified, or of another domain.</summary>
    public const string Address = "address";

    /// <summary>The account is an operator's, or cannot be made, or may not sign in.</summary>
    public const string Account = "account";

    /// <summary>No group of the person has a role.</summary>
    public const string Groups = "groups";
}
