using System.Security.Cryptography;
using System.Text;
using Platform.Control.Identity.TwoFactor;

namespace Platform.Control.Tests.Identity;

/// <summary>Codes and pictures against what others say they are.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    /// <summary>RFC 6238, appendix B, the last six digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void A_code_is_the_one_that_the_RFC_gives(long seconds, string code) =>
        Totp.Code(Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code);

    [Fact]
    public void A_clock_may_be_one_step_off_and_not_two()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = Totp.StepAt(now);

        foreach (var near in new[] { step - 1, step, step + 1 })
            Totp.StepOf(Secret, Totp.Code(Secret, near), now).ShouldBe(near);
        Totp.StepOf(Secret, Totp.Code(Secret, step - 2), now).ShouldBeNull();
        Totp.StepOf(Secret, Totp.Code(Secret, step + 2), now).ShouldBeNull();
    }

    /// <summary>RFC 4648, section 10.</summary>
    [Theory]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void A_secret_is_written_in_base_32(string text, string base32) => Totp.Base32(Encoding.ASCII.GetBytes(text)).ShouldBe(base32);

    /// <summary>The hashes are of pictures that an independent reader (jsQR 1.4) read as the text.</summary>
    [Theory]
    [InlineData(10, 21, "282dc42aaac10d8c")]
    [InlineData(120, 41, "7fe4ed38d35f7f14")]
    [InlineData(200, 53, "b0a5299ff3d28fa9")]
    [InlineData(330, 65, "7d09a70fd9a14f7c")]
    [InlineData(800, 97, "103f95b9f2a39aaa")]
    public void A_picture_is_one_that_readers_read(int length, int size, string hash)
    {
        var code = QrCode.Of(TextOf(length)).ShouldNotBeNull();

        code.Size.ShouldBe(size);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Rows(code))))[..16].ShouldBe(hash);
    }

    [Fact]
    public void A_text_that_is_too_long_has_no_picture() => QrCode.Of(TextOf(859)).ShouldBeNull();

    private static string TextOf(int length) => string.Concat(Enumerable.Range(0, length).Select(i => (char)('!' + i * 7 % 90)));

    private static string Rows(QrCode code) => string.Join(
        '\n', Enumerable.Range(0, code.Size).Select(y => string.Concat(Enumerable.Range(0, code.Size).Select(x => code[y, x] ? '1' : '0'))));
}
