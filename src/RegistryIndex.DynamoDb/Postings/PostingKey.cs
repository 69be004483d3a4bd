using System.Globalization;
using System.Text;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>
/// The keys of the search table. Partition: layout, tier and the first code points of the text, so that a word knows
/// where to look. Sort: text, name and nonce with spaces between, which DynamoDB keeps in the order of the rank key; before the
/// name stands what decides between equal texts before it does.
/// </summary>
internal static class PostingKey
{
    /// <summary>The layout of the keys; another layout would have another letter, so that both can stand side by side.</summary>
    public const char Layout = 'b';

    /// <summary>The layout of the order of contract 4.1 to 4.4. Its postings are found by nothing any more.</summary>
    public const char FormerLayout = 'a';

    /// <summary>The longest sort key that DynamoDB takes, in bytes.</summary>
    public const int MaxSortBytes = 1024;

    // One digit and three of a length: see NameOf. A key has no room for a name of a thousand characters.
    private const int BeforeName = 4;

    private const char Separator = ' ';
    private const char EscapeMark = '!';

    // Sorts after every nonce.
    private const string AfterNonces = "~";

    /// <summary>The partitions that hold a posting of each repository, in any layout that there has been.</summary>
    public static IReadOnlyList<string> Listings { get; } = [Partition(0, ""), $"{FormerLayout}n"];

    public static string Partition(int tier, string text) =>
        tier == 0 ? $"{Layout}n" : $"{Layout}{tier}{text[..PrefixLength(tier, text)]}";

    public static string Sort(RankKey rank, string nonce) => $"{Escape(rank.Text)}{Separator}{Escape(NameOf(rank))}{Separator}{nonce}";

    /// <summary>What sorts after every posting with this rank key and before every posting that ranks lower in its tier.</summary>
    public static string SortAfter(RankKey rank) => Cut(Sort(rank, AfterNonces));

    /// <summary>
    /// Makes text safe to stand between separators and keeps its order: the separator sorts below all that is left.
    /// Only white space, control characters and the mark itself change; none of them is in a name of today, but a
    /// predecessor's table may hold anything.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', EscapeMark))
            return text;
        var result = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (character <= EscapeMark)
                result.Append(EscapeMark).Append((char)(character + '0'));
            else
                result.Append(character);
        }

        return result.ToString();
    }

    public static int? TierOf(string partition) => TierOf(partition, Layout);

    /// <summary>Whether a partition is one of the former layout.</summary>
    public static bool IsFormer(string partition) => TierOf(partition, FormerLayout) is not null;

    private static int? TierOf(string partition, char layout) => partition.Length >= 2 && partition[0] == layout
        ? partition[1] switch { 'n' => 0, '1' => 1, '2' => 2, '3' => 3, _ => null }
        : null;

    public static (string Text, string Name, string Nonce)? Parse(int tier, string sort)
    {
        var parts = sort.Split(Separator);
        var before = tier == 0 ? 0 : BeforeName;
        return parts.Length == 3 && parts[1].Length >= before ? (Unescape(parts[0]), Unescape(parts[1])[before..], parts[2]) : null;
    }

    // All names stand in one partition in their own order.
    private static string NameOf(RankKey rank) => rank.Tier == 0
        ? rank.Name
        : string.Create(CultureInfo.InvariantCulture, $"{(rank.IsOfficial ? 0 : 1)}{Math.Min(rank.NameLength, 999):d3}{rank.Name}");

    // How many characters of the text the partition takes: one code point in tier 1, where an exact match then sorts first;
    // elsewhere two, or one where it says enough by itself, so that a single such character can be searched.
    private static int PrefixLength(int tier, string text)
    {
        var first = Rune.GetRuneAt(text, 0);
        if (tier == 1 || !first.IsAscii)
            return first.Utf16SequenceLength;
        return first.Utf16SequenceLength + Rune.GetRuneAt(text, first.Utf16SequenceLength).Utf16SequenceLength;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains(EscapeMark))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
            result.Append(text[i] == EscapeMark && i + 1 < text.Length ? (char)(text[++i] - '0') : text[i]);
        return result.ToString();
    }

    private static string Cut(string sort)
    {
        while (Encoding.UTF8.GetByteCount(sort) > MaxSortBytes)
            sort = sort[..^(char.IsLowSurrogate(sort[^1]) ? 2 : 1)];
        return sort;
    }
}
