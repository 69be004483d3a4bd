using System.Collections.Frozen;
using System.Globalization;

namespace RegistryIndex;

/// <summary>
/// Simple case folding by one frozen table, so that every host and every database folds in the same way (contract 3.1).
/// The runtime's own casing depends on ICU or the invariant mode and changes with their versions.
/// </summary>
internal static class CaseFolding
{
    private static readonly FrozenDictionary<int, int> Table = Load();

    public static int Fold(int codePoint) =>
        codePoint < 0x80
            ? codePoint is >= 'A' and <= 'Z' ? codePoint + 0x20 : codePoint
            : Table.GetValueOrDefault(codePoint, codePoint);

    private static FrozenDictionary<int, int> Load()
    {
        using var stream = typeof(CaseFolding).Assembly.GetManifestResourceStream("RegistryIndex.CaseFolding.data")!;
        using var reader = new StreamReader(stream);
        var table = new Dictionary<int, int>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.Split(' ');
            var (first, last) = (Hex(fields[0]), Hex(fields[1]));
            var step = fields[2][0] - '0';
            var delta = Hex(fields[3][1..]) * (fields[3][0] == '-' ? -1 : 1);
            for (var codePoint = first; codePoint <= last; codePoint += step)
                table[codePoint] = codePoint + delta;
        }

        return table.ToFrozenDictionary();
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
