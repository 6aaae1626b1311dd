namespace Platform.Control.Identity.TwoFactor;

/// <summary>The bytes of a QR code: its payload, and Reed-Solomon check bytes over GF(2^8) with the polynomial 0x11D.</summary>
internal static class QrBlocks
{
    private const int ByteMode = 0b0100;

    /// <summary>Mode, length, text, end, and filling up to the capacity.</summary>
    public static byte[] Payload(byte[] text, int capacity, int lengthBits)
    {
        var data = new byte[capacity];
        var bit = 0;
        Append(ByteMode, 4);
        Append(text.Length, lengthBits);
        foreach (var b in text)
            Append(b, 8);
        Append(0, Math.Min(4, capacity * 8 - bit));
        for (var i = (bit + 7) / 8; i < capacity; i++)
            data[i] = (byte)((i - (bit + 7) / 8) % 2 == 0 ? 0xEC : 0x11);
        return data;

        void Append(int value, int bits)
        {
            for (var i = bits - 1; i >= 0; i--, bit++)
                data[bit / 8] |= (byte)((value >> i & 1) << (7 - bit % 8));
        }
    }

    /// <summary>Splits into blocks, the longer ones last, and takes a byte of each in turns: first data, then check bytes.</summary>
    public static byte[] Interleave(byte[] data, int checkBytes, int blocks)
    {
        var shorter = data.Length / blocks;
        var longer = data.Length % blocks;
        var parts = new List<byte[]>();
        for (int i = 0, from = 0; i < blocks; i++)
        {
            var length = shorter + (i >= blocks - longer ? 1 : 0);
            parts.Add(data[from..(from + length)]);
            from += length;
        }
        var checks = parts.ConvertAll(p => Remainder(p, Divisor(checkBytes)));
        var result = new List<byte>();
        for (var i = 0; i <= shorter; i++)
            result.AddRange(parts.Where(p => i < p.Length).Select(p => p[i]));
        for (var i = 0; i < checkBytes; i++)
            result.AddRange(checks.Select(c => c[i]));
        return [.. result];
    }

    private static byte[] Divisor(int degree)
    {
        var result = new byte[degree];
        result[^1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j < degree; j++)
                result[j] = (byte)(Multiply(result[j], root) ^ (j + 1 < degree ? result[j + 1] : 0));
            root = Multiply(root, 2);
        }
        return result;
    }

    private static byte[] Remainder(byte[] data, byte[] divisor)
    {
        var result = new byte[divisor.Length];
        foreach (var b in data)
        {
            var factor = (byte)(b ^ result[0]);
            for (var i = 0; i < result.Length; i++)
                result[i] = (byte)((i + 1 < result.Length ? result[i + 1] : 0) ^ Multiply(divisor[i], factor));
        }
        return result;
    }

    private static byte Multiply(int x, int y)
    {
        var product = 0;
        for (var i = 7; i >= 0; i--)
            product = (product << 1) ^ ((product >> 7) * 0x11D) ^ ((y >> i & 1) * x);
        return (byte)product;
    }
}
