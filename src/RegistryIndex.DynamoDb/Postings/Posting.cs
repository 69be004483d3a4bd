using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Postings;

/// <summary>
/// One row of the search table: a repository has a text in a place of some rank. The key holds all of these values, so two attempts
/// to write a repository never share a row.
/// </summary>
/// <param name="Tier">
/// As in <see cref="RankKey.Tier"/>. 0 is the name itself, for lists; <see cref="PostingKey.PushTier"/> is the time of the last push.
/// </param>
/// <param name="Text">As in <see cref="RankKey.Text"/>.</param>
/// <param name="Name">The repository's name.</param>
/// <param name="Nonce">The write attempt that the posting belongs to.</param>
/// <param name="AlsoBefore">
/// How much of the text, in code points, also begins earlier in the description or anywhere in the name. A word of that length or less
/// finds the repository there. Tier 3 only.
/// </param>
internal readonly record struct Posting(int Tier, string Text, string Name, string Nonce, int AlsoBefore = 0)
{
    /// <summary>The attributes of the search table.</summary>
    public const string PartitionAttribute = "p";

    /// <inheritdoc cref="PartitionAttribute"/>
    public const string SortAttribute = "s";

    /// <summary>The largest size of an item: its sort key, and less than a hundred bytes of other data.</summary>
    public const int MostBytes = PostingKey.MaxSortBytes + 100;

    private const string AlsoBeforeAttribute = "l";

    /// <summary>The attributes that a search reads; it knows the partition.</summary>
    public const string Searched = $"{SortAttribute}, {AlsoBeforeAttribute}";

    public RankKey Rank => new(Tier, Text, Name);

    /// <summary>
    /// The place in the order of the last push. A posting of another tier gives the place of a repository whose last push is unknown.
    /// </summary>
    public RankKey PushRank => new(0, Tier == PostingKey.PushTier ? Text : PushOrder.TextOf(null), Name);

    /// <summary>The partition of the posting.</summary>
    public string Partition => Tier == PostingKey.PushTier ? PostingKey.PushPartition(PostingKey.PushShardOf(Name)) : PostingKey.Partition(Tier, Text);

    public Dictionary<string, AttributeValue> Key => new()
    {
        [PartitionAttribute] = new(Partition),
        [SortAttribute] = new(PostingKey.Sort(Rank, Nonce)),
    };

    /// <summary>The key of an item of the search table, in any layout.</summary>
    public static Dictionary<string, AttributeValue> KeyOf(Dictionary<string, AttributeValue> item) => new()
    {
        [PartitionAttribute] = item[PartitionAttribute],
        [SortAttribute] = item[SortAttribute],
    };

    public Dictionary<string, AttributeValue> ToItem()
    {
        var item = Key;
        if (AlsoBefore > 0)
            item[AlsoBeforeAttribute] = new() { N = AlsoBefore.ToString(CultureInfo.InvariantCulture) };
        return item;
    }

    /// <summary>Reads a row; null if it is not one of ours.</summary>
    public static Posting? FromItem(Dictionary<string, AttributeValue> item) => FromItem(item, item[PartitionAttribute].S);

    /// <summary>Reads a row of a partition; null if it is not one of ours.</summary>
    public static Posting? FromItem(Dictionary<string, AttributeValue> item, string partition)
    {
        if (PostingKey.TierOf(partition) is not { } tier || PostingKey.Parse(tier, item[SortAttribute].S) is not var (text, name, nonce))
            return null;
        var alsoBefore = item.TryGetValue(AlsoBeforeAttribute, out var value) ? int.Parse(value.N, CultureInfo.InvariantCulture) : 0;
        return new Posting(tier, text, name, nonce, alsoBefore);
    }
}
