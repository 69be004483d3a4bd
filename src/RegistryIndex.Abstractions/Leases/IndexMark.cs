namespace RegistryIndex;

/// <summary>The rules of the marks that an index keeps (contract 6.5).</summary>
public static class IndexMark
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 40;

    /// <summary>The longest text, in UTF-16 code units.</summary>
    public const int MaxLength = 4_096;

    /// <summary>The name, if it is one: 1 to 40 lower-case ASCII letters and <c>-</c>.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxNameLength && name.All(character => char.IsAsciiLetterLower(character) || character == '-')
            ? name
            : throw new ArgumentException($"'{name}' is not the name of a mark: 1 to {MaxNameLength} lower-case ASCII letters and '-'.", nameof(name));
    }

    /// <summary>Refuses what no mark can be.</summary>
    /// <param name="name">The mark's name.</param>
    /// <param name="expected">What it is expected to be; null where there is none.</param>
    /// <param name="replacement">What it shall become; null to remove it.</param>
    /// <exception cref="ArgumentException">The name is none, a text has an unpaired surrogate (contract 6.7), or the replacement is too long.</exception>
    public static void ThrowIfRefused(string name, string? expected, string? replacement)
    {
        CheckName(name);
        if (!CodePoints.IsWellFormed(expected ?? ""))
            throw new ArgumentException($"The text that the mark '{name}' is expected to have has an unpaired surrogate: no mark has such a text.", nameof(expected));
        if (!CodePoints.IsWellFormed(replacement ?? ""))
            throw new ArgumentException($"The text for the mark '{name}' has an unpaired surrogate: it is not valid text.", nameof(replacement));
        if (replacement?.Length > MaxLength)
            throw new ArgumentException($"The mark '{name}' would have {replacement.Length} characters; at most {MaxLength} are allowed.", nameof(replacement));
    }
}
