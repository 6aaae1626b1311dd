using System.ComponentModel.DataAnnotations;

namespace Platform.Control;

/// <summary>Section <c>Control</c>.</summary>
internal sealed class ControlSettings : IValidatableObject
{
    /// <summary>
    /// Where people, agents and the portal reach Control; also the issuer of its tokens. https, or http on a loopback
    /// address for a machine of one's own.
    /// </summary>
    [Required]
    public Uri? PublicUrl { get; set; }

    /// <summary><see cref="PublicUrl"/>, which validation has seen.</summary>
    public Uri Issuer => PublicUrl ?? throw new InvalidOperationException("Control:PublicUrl is not set.");

    public bool IsPlainLoopback => Issuer.Scheme == Uri.UriSchemeHttp;

    public Uri TokenEndpoint => new(Issuer, "/connect/token");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not { IsAbsoluteUri: true } url || url is not { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
            yield return new("PublicUrl must be an absolute address without path, query or credentials.");
        else if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            yield return new("PublicUrl must be https; http is for localhost only.");
    }
}
