using System.Text;

namespace RegistryIndex.EfCore.Engines;

/// <summary>Computes the end of the range of texts that begin with a word, in the order of code points.</summary>
internal static class PrefixRange
{
    private const int LastBeforeSurrogates = 0xd7ff;
    private const int FirstAfterSurrogates = 0xe000;
    private const int Last = 0x10ffff;

    /// <summary>The smallest text that is greater than every text that begins with the word; null if no text is.</summary>
    public static string? After(string word)
    {
        var runes = word.EnumerateRunes().ToList();
        while (runes.Count > 0 && runes[^1].Value == Last)
            runes.RemoveAt(runes.Count - 1);
        if (runes.Count == 0)
            return null;
        var last = runes[^1].Value;
        runes[^1] = new Rune(last == LastBeforeSurrogates ? FirstAfterSurrogates : last + 1);
        return string.Concat(runes);
    }
}
