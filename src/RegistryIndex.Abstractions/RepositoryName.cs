using System.Buffers;

namespace RegistryIndex;

/// <summary>The grammar of repository names (contract 1.2).</summary>
public static class RepositoryName
{
    /// <summary>The maximum length of a name, in characters, which are all ASCII.</summary>
    public const int MaxLength = 255;

    private static readonly SearchValues<char> Alphanumerics =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>
    /// Explains in one sentence why <paramref name="name"/> is not a repository name. A name has 1 to 255 characters: segments of ASCII
    /// letters and digits with runs of <c>.</c>, <c>_</c> or <c>-</c> between them, joined by <c>/</c>.
    /// </summary>
    /// <returns>The reason, which includes the name; null when the name is valid.</returns>
    public static string? FindProblem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
            return "The repository name is empty.";
        if (name.Length > MaxLength)
            return $"The repository name '{Shown(name)}' has {name.Length} characters; at most {MaxLength} are allowed.";
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty)
                return $"The repository name '{Shown(name)}' has an empty path segment.";
            if (!Alphanumerics.Contains(segment[0]) || !Alphanumerics.Contains(segment[^1]))
                return $"The repository name '{Shown(name)}' has a path segment that does not start and end with an ASCII letter or digit.";
            foreach (var character in segment)
            {
                if (!Alphanumerics.Contains(character) && character is not ('.' or '_' or '-'))
                    return $"The repository name '{Shown(name)}' has the character '{Shown(character.ToString())}'; only ASCII letters, digits, '.', '_', '-' and '/' are allowed.";
            }
        }

        return null;
    }

    /// <summary>
    /// Makes external text safe to show within a sentence on one short line. Control characters, unpaired surrogates and characters
    /// that set the direction of text are written as <c>\uXXXX</c>, and a long text is cut.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The maximum number of its characters to show.</param>
    public static string Shown(string text, int most = 80)
    {
        var clean = string.Concat(text.Take(most).Select(c =>
            char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' || SetsDirection(c) ? $"\\u{(int)c:x4}" : c.ToString()));
        return text.Length > most ? clean + "…" : clean;
    }

    // Unicode's Bidi_Control: with these, a sentence would be displayed in another order than it is written.
    private static bool SetsDirection(char c) =>
        c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
