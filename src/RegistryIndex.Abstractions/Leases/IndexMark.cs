namespace RegistryIndex;

/// <summary>The rules for the marks of an index (contract 6.5).</summary>
public static class IndexMark
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public const int MaxNameLength = 40;

    /// <summary>The maximum length of a text, in UTF-16 code units.</summary>
    public const int MaxLength = 4_096;

    /// <summary>Checks the name of a mark and returns it. A name has 1 to 40 lower-case ASCII letters and <c>-</c>.</summary>
    /// <exception cref="ArgumentException">The name is not valid.</exception>
    public static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxNameLength && name.All(character => char.IsAsciiLetterLower(character) || character == '-')
            ? name
            : throw new ArgumentException($"'{name}' is not the name of a mark: 1 to {MaxNameLength} lower-case ASCII letters and '-'.", nameof(name));
    }

    /// <summary>Throws when the arguments of a replacement break a rule.</summary>
    /// <param name="name">The mark's name.</param>
    /// <param name="expected">The expected text; null when the mark must not exist.</param>
    /// <param name="replacement">The new text; null to remove the mark.</param>
    /// <exception cref="ArgumentException">
    /// The name is not valid, a text has an unpaired surrogate (contract 6.7), or the replacement is too long.
    /// </exception>
    public static void ThrowIfRefused(string name, string? expected, string? replacement)
    {
        CheckName(name);
        if (!CodePoints.IsWellFormed(expected ?? ""))
            throw new ArgumentException($"The expected text of the mark '{name}' has an unpaired surrogate: no mark can have such a text.", nameof(expected));
        if (!CodePoints.IsWellFormed(replacement ?? ""))
            throw new ArgumentException($"The text for the mark '{name}' has an unpaired surrogate: it is not valid text.", nameof(replacement));
        if (replacement?.Length > MaxLength)
            throw new ArgumentException($"The mark '{name}' would have {replacement.Length} characters; at most {MaxLength} are allowed.", nameof(replacement));
    }
}
