using System.Buffers;
using System.Text;

namespace RegistryIndex.Server.Output;

/// <summary>
/// Makes text from outside safe to show. A description comes from the user who pushed the image, and clients such as podman print it
/// unchanged: it must neither control a terminal nor change the direction in which a line is read.
/// </summary>
internal static class HarmlessText
{
    // C0, DEL, C1, and the separators of lines and paragraphs.
    private static readonly char[] Breaking = [.. Enumerable.Range(0, char.MaxValue).Select(code => (char)code).Where(char.IsControl), '\u2028', '\u2029'];

    // Unicode's Bidi_Control: marks, embeddings, overrides and isolates.
    private static readonly char[] Directing = ['\u061c', '\u200e', '\u200f', .. Between('\u202a', '\u202e'), .. Between('\u2066', '\u2069')];

    private static readonly SearchValues<char> BreakingValues = SearchValues.Create(Breaking);
    private static readonly SearchValues<char> HarmfulValues = SearchValues.Create([.. Breaking, .. Directing]);

    /// <summary>
    /// Returns the text on one line: each control character or line separator, with the spaces around it, becomes one space, and characters
    /// that set the direction of text are removed. Text without any of these is returned unchanged.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny(HarmfulValues))
            return text;
        var (result, isAfterBreak) = (new StringBuilder(text.Length), true);
        foreach (var character in text)
        {
            if (BreakingValues.Contains(character))
            {
                while (result.Length > 0 && result[^1] == ' ')
                    result.Length--;
                if (result.Length > 0)
                    result.Append(' ');
                isAfterBreak = true;
            }
            else if (!HarmfulValues.Contains(character) && !(isAfterBreak && character == ' '))
            {
                result.Append(character);
                isAfterBreak = false;
            }
        }

        return result.ToString().TrimEnd(' ');
    }

    private static IEnumerable<char> Between(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
