namespace RegistryIndex;

/// <summary>
/// Compares text by code point, which is the order of its UTF-8 bytes and of a database's binary collation (contract 2.4 and 4).
/// .NET's ordinal comparison uses UTF-16 code units and sorts U+10000 and above before U+E000.
/// </summary>
public sealed class CodePointOrder : IComparer<string>
{
    private CodePointOrder()
    {
    }

    /// <summary>The comparer.</summary>
    public static CodePointOrder Comparer { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length)
            return x.Length - y.Length;
        return Weight(x[same]) - Weight(y[same]);
    }

    // Surrogates encode the code points above all others.
    private static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
