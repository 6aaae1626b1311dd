using System.Security.Cryptography;
using System.Text;

namespace Platform.Migrations;

/// <summary>
/// A password in the form that PostgreSQL stores (RFC 5802, RFC 7677), so that its text never reaches the server, nor
/// the server's statement log.
/// </summary>
internal static class ScramVerifier
{
    private const int Iterations = 4096;

    /// <exception cref="MigrationException">The password has characters outside printable ASCII, which SASLprep would change.</exception>
    public static string Of(string password)
    {
        if (password.Any(c => c is < ' ' or > '~'))
            throw new MigrationException("A database password has characters outside printable ASCII; choose another one.");
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, Iterations, HashAlgorithmName.SHA256, 32);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Client Key")));
        var serverKey = HMACSHA256.HashData(salted, Encoding.ASCII.GetBytes("Server Key"));
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
