namespace Platform.GpuWorker.Tokens;

/// <summary>The finalizer of SplitMix64: spreads a number over 64 bits, the same way in every process.</summary>
internal static class Mixer
{
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
            value = (value ^ value >> 27) * 0x94D049BB133111EB;
            return value ^ value >> 31;
        }
    }

    /// <summary>A number in (0, 1].</summary>
    public static double Unit(ulong value) => ((Mix(value) >> 11) + 1) / (double)(1UL << 53);
}
