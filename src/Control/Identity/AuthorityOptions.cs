using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Platform.Control.Identity;

/// <summary>Gives the authority its issuer and its keys, once they are loaded.</summary>
internal sealed class AuthorityOptions(SigningKeys keys, ControlSettings control) : IConfigureOptions<OpenIddictServerOptions>
{
    public void Configure(OpenIddictServerOptions options)
    {
        options.Issuer = control.Issuer;
        foreach (var key in keys.Verifying)
            options.SigningCredentials.Add(new(key, SecurityAlgorithms.RsaSha256));
        foreach (var key in keys.Encryption)
            options.EncryptionCredentials.Add(new(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }
}
