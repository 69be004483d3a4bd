using System.Text;

namespace RegistryIndex;

/// <summary>The rules for descriptions, and the conversion of external text to a description (contract 1.3 to 1.5).</summary>
public static class RepositoryDescription
{
    /// <summary>The maximum length of a description, in Unicode code points.</summary>
    public const int MaxCodePoints = 350;

    /// <summary>
    /// Converts external text (from a manifest, an event, an imported line) to a description. Unpaired surrogates become
    /// U+FFFD. Text over <see cref="MaxCodePoints"/> is cut at a code point and ends with <c>…</c>.
    /// </summary>
    /// <returns>The description, or null when the text is blank.</returns>
    public static string? FromIngest(string? text) => FromIngest(text, MaxCodePoints);

    internal static string? FromIngest(string? text, int most)
    {
        if (text is null || IsBlank(text))
            return null;
        if (text.Length <= most && !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
            return text;
        var result = new StringBuilder(Math.Min(text.Length, 2 * most));
        var (count, lengthBeforeLast) = (0, 0);
        foreach (var rune in text.EnumerateRunes()) // yields U+FFFD for an unpaired surrogate
        {
            if (++count > most)
            {
                result.Length = lengthBeforeLast;
                return result.Append('…').ToString();
            }

            lengthBeforeLast = result.Length;
            result.Append(rune);
        }

        return result.ToString();
    }

    internal static bool IsBlank(string? text)
    {
        foreach (var character in text.AsSpan())
        {
            if (!Folding.IsSpace(character))
                return false;
        }

        return true;
    }

    internal static string? FindProblem(string name, string? description)
    {
        if (description is null)
            return null;
        var count = 0;
        for (var rest = description.AsSpan(); !rest.IsEmpty; count++)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return $"The description of '{RepositoryName.Shown(name)}' has an unpaired surrogate at character {description.Length - rest.Length}.";
            rest = rest[consumed..];
        }

        return count > MaxCodePoints
            ? $"The description of '{RepositoryName.Shown(name)}' has {count} code points; at most {MaxCodePoints} are allowed."
            : null;
    }
}
