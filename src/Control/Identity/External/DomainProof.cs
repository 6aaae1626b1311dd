using System.Security.Cryptography;
using System.Text;

namespace Platform.Control.Identity.External;

/// <summary>Whether a domain shows the token that only its owner can have put there.</summary>
internal sealed class DomainProof(ProviderHttp http)
{
    private const int MaxBytes = 4096;

    public static Uri AddressOf(string domain) => new($"https://{domain}/.well-known/platform-domain-verification");

    public Task<bool> HoldsAsync(string domain, string token, CancellationToken ct) => ShowsAsync(AddressOf(domain), token, ct);

    /// <summary>The page at the address is the token, white space around it aside.</summary>
    public async Task<bool> ShowsAsync(Uri address, string token, CancellationToken ct)
    {
        var body = await http.GetAsync(address, MaxBytes, ct);
        return body is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Trim()), Encoding.UTF8.GetBytes(token));
    }
}
