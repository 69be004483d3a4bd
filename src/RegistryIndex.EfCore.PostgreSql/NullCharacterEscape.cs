using System.Text;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>
/// Encodes text without U+0000. A description may contain this character, but PostgreSQL cannot store it. It is stored as the control character
/// DLE ("data link escape") and a <c>0</c>, and DLE itself is stored as two DLE. Folded text contains no control characters.
/// </summary>
internal static class NullCharacterEscape
{
    private const char Dle = '\u0010';

    public static string? Escape(string? text) => text is null || text.AsSpan().IndexOfAny('\0', Dle) < 0
        ? text
        : text.Replace("\u0010", "\u0010\u0010", StringComparison.Ordinal).Replace("\0", "\u00100", StringComparison.Ordinal);

    public static string? Unescape(string? text)
    {
        if (text is null || !text.Contains(Dle, StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            // A predecessor may have stored a single DLE, which stays unchanged.
            if (text[i] == Dle && i + 1 < text.Length && text[i + 1] is Dle or '0')
                result.Append(text[++i] == Dle ? Dle : '\0');
            else
                result.Append(text[i]);
        }

        return result.ToString();
    }

    /// <summary>
    /// Returns a storable text with the same place in the order of all stored texts as the given text: no stored text is between <c>a</c> and
    /// <c>a\0b</c>. An unpaired surrogate becomes U+FFFD.
    /// </summary>
    public static string Bound(string text)
    {
        var zero = text.IndexOf('\0', StringComparison.Ordinal);
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(zero < 0 ? text : text[..zero]));
    }
}
