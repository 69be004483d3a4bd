using System.Text;

namespace RegistryIndex;

/// <summary>
/// A parsed query, and the only implementation of matching and ranking (contract 3 and 4). A provider that
/// answers from memory calls <see cref="Rank(Repository)"/>; one that answers from a store must give the same results.
/// </summary>
public sealed class SearchQuery
{
    /// <summary>The maximum length of a query, in code points of the folded text.</summary>
    public const int MaxCodePoints = 256;

    /// <summary>The maximum number of words in a query.</summary>
    public const int MaxWords = 8;

    private SearchQuery(string[] words)
    {
        Words = words;
        RankingWord = words is [.., var last] ? last : null;
    }

    /// <summary>The folded words, in their original order. If there are none, every repository matches, in name order.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The last word, which determines the rank (contract 4.9); the other words only filter. Null if there are no words.</summary>
    public string? RankingWord { get; }

    /// <summary>Folds the text and splits it at spaces.</summary>
    /// <exception cref="ArgumentException">The text has more than 256 code points or 8 words, or is not valid Unicode.</exception>
    public static SearchQuery Parse(string? text)
    {
        text ??= "";
        if (!CodePoints.IsWellFormed(text))
            throw new ArgumentException("The query has an unpaired surrogate: it is not valid text.", nameof(text));
        var folded = Folding.Fold(text);
        var length = CodePoints.Count(folded);
        if (length > MaxCodePoints)
            throw new ArgumentException($"The query has {length} characters; at most {MaxCodePoints} are allowed.", nameof(text));
        var words = folded.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > MaxWords
            ? throw new ArgumentException($"The query has {words.Length} words; at most {MaxWords} are allowed.", nameof(text))
            : new SearchQuery(words);
    }

    /// <summary>Whether a word matches only at the start of a path segment of the name, as one ASCII character does (contract 3.4).</summary>
    public static bool MatchesSegmentStartsOnly(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length == 1 && char.IsAscii(word[0]);
    }

    /// <summary>Ranks a repository.</summary>
    /// <returns>Its place among the results, or null when it does not match.</returns>
    public RankKey? Rank(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Rank(repository.Name, Folding.Fold(repository.Name), Folding.Fold(repository.Description ?? ""));
    }

    /// <summary>Ranks a repository whose texts are already folded.</summary>
    /// <param name="name">The original name.</param>
    /// <param name="foldedName">The folded name.</param>
    /// <param name="foldedDescription">The folded description; empty when there is none.</param>
    /// <returns>Its place among the results, or null when it does not match.</returns>
    public RankKey? Rank(string name, string foldedName, string foldedDescription)
    {
        ArgumentNullException.ThrowIfNull(foldedName);
        ArgumentNullException.ThrowIfNull(foldedDescription);
        if (RankingWord is null)
            return new RankKey(0, "", name);
        foreach (var word in Words)
        {
            if (!ReferenceEquals(word, RankingWord) && Find(word, foldedName, foldedDescription) is null)
                return null;
        }

        return Find(RankingWord, foldedName, foldedDescription) is var (tier, text) ? new RankKey(tier, text, name) : null;
    }

    private static (int Tier, string Text)? Find(string word, string foldedName, string foldedDescription)
    {
        var last = foldedName.LastIndexOf('/') + 1;
        if (StartsAt(foldedName, last, word))
            return (1, foldedName[last..]);
        for (var start = 0; start < last; start = foldedName.IndexOf('/', start) + 1)
        {
            if (StartsAt(foldedName, start, word))
                return (1, foldedName[start..]);
        }

        if (MatchesSegmentStartsOnly(word))
            return null;
        var inName = foldedName.IndexOf(word, StringComparison.Ordinal);
        if (inName >= 0)
            return (2, foldedName[inName..]);
        var inDescription = foldedDescription.IndexOf(word, StringComparison.Ordinal);
        if (inDescription < 0)
            return null;
        var end = foldedDescription.IndexOf(' ', inDescription);
        var rest = end < 0 ? foldedDescription[inDescription..] : foldedDescription[inDescription..end];
        return (3, CodePoints.Cut(rest, RankKey.MaxDescriptionText));
    }

    private static bool StartsAt(string text, int place, string word) => string.CompareOrdinal(text, place, word, 0, word.Length) == 0;

    /// <summary>Returns the words as they are compared.</summary>
    public override string ToString() => string.Join(' ', Words);
}

/// <summary>Operations on text by code points.</summary>
internal static class CodePoints
{
    public static int Count(string text) => text.Length - text.Count(char.IsLowSurrogate);

    public static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[consumed..];
        }

        return true;
    }

    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = 0;
        for (var count = 0; count < most && end < text.Length; count++)
            end += char.IsHighSurrogate(text[end]) ? 2 : 1;
        return end >= text.Length ? text : text[..end];
    }
}
