using System.Text;

namespace Platform.Control.Identity.TwoFactor;

/// <summary>
/// A QR code (ISO/IEC 18004) for a short text: byte mode, error correction level L, versions 1 to 20. The mask is always
/// the chequered one: readers take any, and an authenticator's address has no large plain areas.
/// </summary>
internal sealed class QrCode
{
    private const int MaxVersion = 20;

    /// <summary>Format bits for level L and mask 0 (table C.1), the first in the highest of 15 bits.</summary>
    private const int FormatBits = 0b111011111000100;

    private static readonly int[] CheckBytes = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28];
    private static readonly int[] Blocks = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];

    private readonly bool[,] _dark;
    private readonly bool[,] _fixed;

    private QrCode(int version, byte[] data)
    {
        Size = version * 4 + 17;
        _dark = new bool[Size, Size];
        _fixed = new bool[Size, Size];
        DrawPatterns(version);
        DrawBytes(QrBlocks.Interleave(data, CheckBytes[version - 1], Blocks[version - 1]));
    }

    /// <summary>Modules on each side, without the quiet zone.</summary>
    public int Size { get; }

    public bool this[int row, int column] => _dark[row, column];

    /// <returns>Null where the text is too long.</returns>
    public static QrCode? Of(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var version = 1; version <= MaxVersion; version++)
        {
            var capacity = RawBytes(version) - CheckBytes[version - 1] * Blocks[version - 1];
            if (bytes.Length <= capacity - (version < 10 ? 2 : 3))
                return new(version, QrBlocks.Payload(bytes, capacity, version < 10 ? 8 : 16));
        }
        return null;
    }

    /// <summary>A path of one square for each dark module, for a viewBox of <see cref="Size"/> and a quiet zone of 4.</summary>
    public string ToSvgPath()
    {
        var path = new StringBuilder();
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                if (_dark[row, column])
                    path.Append($"M{column + 4},{row + 4}h1v1h-1z");
            }
        }
        return path.ToString();
    }

    /// <summary>Codewords of a version: all modules less the patterns.</summary>
    private static int RawBytes(int version)
    {
        var modules = (16 * version + 128) * version + 64;
        if (version >= 2)
        {
            var aligned = version / 7 + 2;
            modules -= (25 * aligned - 10) * aligned - 55;
            if (version >= 7)
                modules -= 36;
        }
        return modules / 8;
    }

    private void DrawPatterns(int version)
    {
        for (var i = 0; i < Size; i++)
        {
            Set(6, i, i % 2 == 0);
            Set(i, 6, i % 2 == 0);
        }
        DrawFinder(3, 3);
        DrawFinder(3, Size - 4);
        DrawFinder(Size - 4, 3);
        DrawAlignment(version);
        DrawFormat();
        if (version >= 7)
            DrawVersion(version);
    }

    private void DrawFinder(int row, int column)
    {
        for (var y = -4; y <= 4; y++)
        {
            for (var x = -4; x <= 4; x++)
            {
                var ring = Math.Max(Math.Abs(x), Math.Abs(y));
                if (row + y >= 0 && row + y < Size && column + x >= 0 && column + x < Size)
                    Set(row + y, column + x, ring is not (2 or 4));
            }
        }
    }

    private void DrawAlignment(int version)
    {
        if (version == 1)
            return;
        var count = version / 7 + 2;
        var step = (version * 4 + 4 + count * 2 - 3) / (count * 2 - 2) * 2;
        var centres = Enumerable.Range(0, count - 1).Select(i => Size - 7 - i * step).Append(6).Order().ToArray();
        foreach (var row in centres)
        {
            foreach (var column in centres)
            {
                if (IsFinders(row, column))
                    continue;
                for (var y = -2; y <= 2; y++)
                {
                    for (var x = -2; x <= 2; x++)
                        Set(row + y, column + x, Math.Max(Math.Abs(x), Math.Abs(y)) != 1);
                }
            }
        }
    }

    private bool IsFinders(int row, int column) =>
        (row == 6 && (column == 6 || column == Size - 7)) || (row == Size - 7 && column == 6);

    private void DrawFormat()
    {
        for (var i = 0; i < 15; i++)
        {
            var dark = (FormatBits >> i & 1) != 0;
            var row = i < 6 ? i : i < 8 ? i + 1 : 8;
            var column = i < 8 ? 8 : i == 8 ? 7 : 14 - i;
            Set(row, column, dark);
            Set(i < 8 ? 8 : Size - 15 + i, i < 8 ? Size - 1 - i : 8, dark);
        }
        Set(Size - 8, 8, true);
    }

    private void DrawVersion(int version)
    {
        var rest = version;
        for (var i = 0; i < 12; i++)
            rest = (rest << 1) ^ ((rest >> 11) * 0x1F25);
        var bits = version << 12 | rest;
        for (var i = 0; i < 18; i++)
        {
            var dark = (bits >> i & 1) != 0;
            Set(i / 3, Size - 11 + i % 3, dark);
            Set(Size - 11 + i % 3, i / 3, dark);
        }
    }

    /// <summary>In pairs of columns from the right, up and down in turns, masked with the chequered pattern.</summary>
    private void DrawBytes(byte[] bytes)
    {
        var bit = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            if (right == 6)
                right = 5;
            for (var i = 0; i < Size; i++)
            {
                var row = (right + 1 & 2) == 0 ? Size - 1 - i : i;
                for (var column = right; column > right - 2; column--)
                {
                    if (_fixed[row, column])
                        continue;
                    var dark = bit < bytes.Length * 8 && (bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
                    _dark[row, column] = dark ^ (row + column) % 2 == 0;
                    bit++;
                }
            }
        }
    }

    private void Set(int row, int column, bool dark)
    {
        _dark[row, column] = dark;
        _fixed[row, column] = true;
    }
}
