using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>
/// The keys of the search table. The partition key consists of the layout, the tier and the first code points of the text, so a word determines
/// the partition to read. The sort key consists of text, name and nonce with spaces between them, which DynamoDB sorts in the order of the rank
/// key. Before the name stands the part of the rank key that decides between equal texts before the name does.
/// </summary>
internal static class PostingKey
{
    /// <summary>The layout of the keys. Another layout has another letter, so that both can exist side by side.</summary>
    public const char Layout = 'b';

    /// <summary>The layout of the order of contract 4.1 to 4.4. Searches no longer read its postings.</summary>
    public const char FormerLayout = 'a';

    /// <summary>The tier of the postings for the order of the last push. Their text is that of <see cref="PushOrder"/>.</summary>
    public const int PushTier = 4;

    /// <summary>
    /// The number of partitions of the push postings, so that a busy registry does not write all of them to one.
    /// The version table holds this number, too.
    /// </summary>
    public const int PushShards = 4;

    /// <summary>The longest sort key that DynamoDB accepts, in bytes.</summary>
    public const int MaxSortBytes = 1024;

    // One digit, and three digits of a length: see NameOf. A name of a thousand characters does not fit into a key.
    private const int BeforeName = 4;

    private const char Separator = ' ';
    private const char EscapeMark = '!';

    // Sorts after every nonce.
    private const string AfterNonces = "~";

    /// <summary>The partitions that hold one posting of each repository, in every layout so far.</summary>
    public static IReadOnlyList<string> Listings { get; } = [Partition(0, ""), $"{FormerLayout}n"];

    public static string Partition(int tier, string text) =>
        tier == 0 ? $"{Layout}n" : $"{Layout}{tier}{text[..PrefixLength(tier, text)]}";

    public static string PushPartition(int shard) => string.Create(CultureInfo.InvariantCulture, $"{Layout}u{shard}");

    /// <summary>The push partition of a repository.</summary>
    public static int PushShardOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[0] % PushShards;

    public static string Sort(RankKey rank, string nonce) => $"{Escape(rank.Text)}{Separator}{Escape(NameOf(rank))}{Separator}{nonce}";

    /// <summary>A key that sorts after every posting with this rank key and before every posting that ranks lower in its tier.</summary>
    public static string SortAfter(RankKey rank) => Cut(Sort(rank, AfterNonces));

    /// <summary>
    /// Escapes text so that it can stand between separators and keeps its order: the separator sorts below all characters
    /// that remain. Only white space, control characters and the escape mark itself change. Names that are valid today
    /// contain none of them, but a predecessor's table may.
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

    /// <summary>Whether a partition belongs to the former layout.</summary>
    public static bool IsFormer(string partition) => TierOf(partition, FormerLayout) is not null;

    private static int? TierOf(string partition, char layout) => partition.Length >= 2 && partition[0] == layout
        ? partition[1] switch { 'n' => 0, '1' => 1, '2' => 2, '3' => 3, 'u' => PushTier, _ => null }
        : null;

    public static (string Text, string Name, string Nonce)? Parse(int tier, string sort)
    {
        var parts = sort.Split(Separator);
        var before = IsByNameAlone(tier) ? 0 : BeforeName;
        return parts.Length == 3 && parts[1].Length >= before ? (Unescape(parts[0]), Unescape(parts[1])[before..], parts[2]) : null;
    }

    // Among equal texts, which are empty or a time in these tiers, the order is that of the names alone.
    private static bool IsByNameAlone(int tier) => tier is 0 or PushTier;

    private static string NameOf(RankKey rank) => IsByNameAlone(rank.Tier)
        ? rank.Name
        : string.Create(CultureInfo.InvariantCulture, $"{(rank.IsOfficial ? 0 : 1)}{Math.Min(rank.NameLength, 999):d3}{rank.Name}");

    // How many characters of the text the partition key contains. In tier 1 it is one code point, so that an exact match sorts first. In the
    // other tiers it is two code points, or one if that one is not ASCII, so that a single such character can be searched.
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
