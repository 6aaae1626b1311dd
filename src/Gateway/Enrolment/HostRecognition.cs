using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Gateway.Enrolment;

/// <summary>
/// Tells a BlueField DPU by what its firmware and kernel say of the machine in sysfs: the DMI strings name the family and
/// often the generation, the first core's MIDR_EL1 the generation where they do not.
/// </summary>
/// <remarks>
/// Cores: BlueField-2 has Cortex-A72 and BlueField-3 Cortex-A78 (NVIDIA, DPU manuals, "Hardware Architecture"). Part numbers,
/// bits 15:4, and Arm's implementer code, bits 31:24: Arm ARM, MIDR_EL1; linux/arch/arm64/include/asm/cputype.h, which lists
/// A72 0xD08, A78 0xD41, A78AE 0xD42, A78C 0xD4B.
/// </remarks>
internal static partial class HostRecognition
{
    private const ulong Arm = 0x41;

    private static readonly string[] Names = ["product_name", "sys_vendor", "board_name"];

    /// <summary>Such as <c>bluefield-3</c>, or <c>bluefield</c> for an unknown generation; null for any other machine.</summary>
    public static string? Recognise(string sysfsRoot)
    {
        var names = string.Join('\n', Names.Select(n => Read(Path.Combine(sysfsRoot, "class/dmi/id", n))));
        if (!names.Contains("BlueField", StringComparison.OrdinalIgnoreCase))
            return null;
        return BlueFieldGeneration().Match(names) is { Success: true } named
            ? $"bluefield-{named.Groups[1].Value}"
            : GenerationByCore(sysfsRoot) is { } generation ? $"bluefield-{generation}" : "bluefield";
    }

    private static string? GenerationByCore(string sysfsRoot)
    {
        var text = Read(Path.Combine(sysfsRoot, "devices/system/cpu/cpu0/regs/identification/midr_el1"));
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        if (!ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var midr) || ((midr >> 24) & 0xFF) != Arm)
            return null;
        return ((midr >> 4) & 0xFFF) switch
        {
            0xD08 => "2",
            0xD41 or 0xD42 or 0xD4B => "3",
            _ => null,
        };
    }

    /// <summary>Empty where there is no such file: most machines have no Arm registers, many containers no DMI.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [GeneratedRegex("BlueField[- ]?([1-9])", RegexOptions.IgnoreCase)]
    private static partial Regex BlueFieldGeneration();
}
