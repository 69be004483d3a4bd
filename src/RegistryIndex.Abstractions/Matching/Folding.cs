using System.Text;

namespace RegistryIndex;

/// <summary>Makes names, descriptions and queries comparable (contract 3.1). All comparisons use it.</summary>
public static class Folding
{
    /// <summary>
    /// Folds the case by a frozen table, replaces each run of white space and control characters with one space, and trims
    /// both ends. The text is not normalized. An unpaired surrogate becomes U+FFFD.
    /// </summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsFolded(text))
            return text;
        var result = new StringBuilder(text.Length);
        var spaceIsDue = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsBmp && IsSpace((char)rune.Value))
            {
                spaceIsDue = result.Length > 0;
                continue;
            }

            if (spaceIsDue)
                result.Append(' ');
            spaceIsDue = false;
            result.Append(new Rune(CaseFolding.Fold(rune.Value)));
        }

        return result.ToString();
    }

    /// <summary>
    /// Whether a character is white space or a control character: a frozen copy of Unicode's White_Space and Cc, all in the basic plane.
    /// </summary>
    internal static bool IsSpace(char character) => character is
        <= '\u0020' or (>= '\u007f' and <= '\u00a0') or '\u1680' or (>= '\u2000' and <= '\u200a')
        or '\u2028' or '\u2029' or '\u202f' or '\u205f' or '\u3000';

    // Most names are already folded. This check avoids a copy.
    private static bool IsFolded(string text)
    {
        var spaceBefore = true;
        foreach (var character in text)
        {
            if (character is < ' ' or > '~' or (>= 'A' and <= 'Z') || (character == ' ' && spaceBefore))
                return false;
            spaceBefore = character == ' ';
        }

        return text.Length == 0 || !spaceBefore;
    }
}
