using System.ComponentModel.DataAnnotations;

namespace Platform.Portal;

/// <summary>An absolute http or https address without credentials, query or fragment, or a list of such.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WebAddressAttribute : ValidationAttribute
{
    public bool HttpOnlyOnLoopback { get; init; }

    public override bool IsValid(object? value) => value switch
    {
        null => true,
        Uri address => IsGood(address),
        IEnumerable<Uri> addresses => addresses.All(IsGood),
        _ => false,
    };

    public override string FormatErrorMessage(string name) =>
        $"{name} must be an absolute http or https address without credentials, query or fragment"
        + (HttpOnlyOnLoopback ? "; http on loopback only." : ".");

    private bool IsGood(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (!HttpOnlyOnLoopback || address.IsLoopback)))
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;
}
