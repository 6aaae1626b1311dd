using Platform.Gateway.Dialects.Media;
using static Platform.Gateway.Tests.Media.AudioFiles;

namespace Platform.Gateway.Tests.Media;

/// <summary>How long a file's sound is, by its head, and what a head cannot make anybody believe.</summary>
public sealed class AudioLengthTests
{
    [Fact]
    public void A_wave_file_is_as_long_as_its_bytes_last()
    {
        AudioLength.Of(Wave(32_000)).ShouldBe(1);
        AudioLength.Of(Wave(32_000, channels: 2)).ShouldBe(0.5);
        AudioLength.Of(Wave(32_000, before: [.. Chunk("LIST", 27), .. Chunk("junk", 0)])).ShouldBe(1);
        AudioLength.Of([.. Wave(32_000), .. Chunk("LIST", 100)]).ShouldBe(1);
        AudioLength.Of(Wave(0)).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(uint.MaxValue)]
    [InlineData(1_000_000)]
    public void A_wave_file_is_no_longer_than_its_bytes_whatever_it_claims(uint claimed) => AudioLength.Of(Wave(32_000, claimed)).ShouldBe(1);

    [Fact]
    public void What_does_not_follow_from_a_wave_files_format_is_not_believed()
    {
        AudioLength.Of(Wave(32_000, bytesPerSecond: 0)).ShouldBeNull();
        AudioLength.Of(Wave(32_000, bytesPerSecond: uint.MaxValue)).ShouldBeNull();
        AudioLength.Of(Wave(32_000, channels: 0)).ShouldBeNull();
        AudioLength.Of(Wave(32_000, rate: 0)).ShouldBeNull();
        AudioLength.Of(Wave(32_000, rate: 0x8000_0001, bytesPerSecond: 2)).ShouldBeNull();
        AudioLength.Of(Wave(32_000, kind: 2)).ShouldBeNull("compressed");
        AudioLength.Of(Wave(32_000, before: Chunk("LIST", 4, claimed: uint.MaxValue))).ShouldBeNull();
        AudioLength.Of(Wave(32_000, before: [.. Enumerable.Range(0, 100).SelectMany(_ => Chunk("junk", 0))])).ShouldBeNull();
        AudioLength.Of([.. "RIFF\0\0\0\0WAVE"u8, .. Chunk("data", 100)]).ShouldBeNull("the format is missing");
    }

    [Fact]
    public void A_flac_file_is_as_long_as_it_says_where_its_bytes_allow_it()
    {
        AudioLength.Of(Flac(24_000)).ShouldBe(1.5);
        AudioLength.Of(Flac(48_000 * 3600UL, rate: 48_000, channels: 2, bytes: 20_000_000)).ShouldBe(3600);
        AudioLength.Of(Flac(0)).ShouldBeNull("nobody knew");
        AudioLength.Of(Flac(24_000, rate: 0)).ShouldBeNull();
        AudioLength.Of(Flac(1, bytes: 17 * 1024 * 1024)).ShouldBeNull("so few samples do not take so many bytes");
        AudioLength.Of(Flac(0xF_FFFF_FFFF, rate: 1000)).ShouldBe(0xF_FFFF_FFFF / 1000.0);
    }

    [Fact]
    public void A_head_that_ends_anywhere_says_nothing_and_breaks_nothing()
    {
        byte[] wave = Wave(32_000), flac = Flac(24_000);
        for (var length = 0; length < 44; length++)
            AudioLength.Of(wave.AsSpan(0, length)).ShouldBeNull();
        for (var length = 0; length < flac.Length; length++)
            AudioLength.Of(flac.AsSpan(0, length)).ShouldBeNull();
        foreach (var other in (string[])["", "ID3", "OggS", "RIFF", "RF64\0\0\0\0WAVE", "\u001aE", "fLaC"])
            AudioLength.Of(System.Text.Encoding.Latin1.GetBytes(other)).ShouldBeNull();
    }

    [Fact]
    public void Changed_bytes_break_nothing()
    {
        var random = new Random(11);
        foreach (var whole in (byte[][])[Wave(100, before: Chunk("LIST", 27)), Flac(24_000, bytes: 100)])
        {
            for (var i = 0; i < 20_000; i++)
            {
                var file = whole.ToArray();
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                    file[random.Next(4, file.Length)] = (byte)random.Next(256);
                if (AudioLength.Of(file.AsSpan(0, random.Next(file.Length + 1))) is { } seconds)
                    seconds.ShouldBeInRange(0, double.MaxValue);
            }
        }
    }
}
